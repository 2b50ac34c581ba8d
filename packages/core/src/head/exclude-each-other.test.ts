import { expect } from 'chai'
import vectors from '../../../../test/vectors/valid/head.json' with { type: 'json' }
import { excludeEachOther } from './exclude-each-other.ts'
import { type Head, hashHead } from './head.ts'

const first = vectors.heads[0]!.head as Head
const second: Head = { ...first, version: 2, prev: hashHead(first) }
const fork: Head = { ...second, issuedAt: second.issuedAt + 1 }

it('excludeEachOther knows two of a version, two after one, and one that does not follow', () => {
  const third = { ...second, version: 3, prev: hashHead(fork) }
  for (const [one, other] of [
    [second, fork],
    [second, { ...fork, version: 9 }],
    [second, third],
  ] as const) {
    expect(excludeEachOther(one, other)).to.equal(true)
    expect(excludeEachOther(other, one)).to.equal(true)
  }
})

it('excludeEachOther leaves the same head, heads in order, other epochs and other issuers alone', () => {
  for (const other of [second, first, { ...fork, epoch: 1 }, { ...fork, issuer: `0x${'11'.repeat(20)}` } as Head])
    expect(excludeEachOther(second, other)).to.equal(false)
  expect(excludeEachOther(second, { ...fork, version: 5, prev: hashHead(fork) })).to.equal(false)
})
