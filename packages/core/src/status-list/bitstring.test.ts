import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import vectors from '../../../../test/vectors/valid/bitstring.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import {
  decodeBitstring,
  emptyBitstring,
  encodeBitstring,
  getBit,
  indicesSet,
  LIST_BITS,
  parseStatusListIndex,
  withBit,
  withBits,
} from './bitstring.ts'

const index = fc.nat(LIST_BITS - 1)
const encodeBytes = (bytes: Uint8Array) => `u${gzipSync(bytes).toString('base64url')}`
const withCode = (act: () => unknown, code: string) => expect(act).to.throw(DomainError).with.property('code', code)

describe('bitstring', () => {
  it('tells which bits were set, and none that was cleared', () => {
    const before = withBits(emptyBitstring(), [3, 200], true)
    const after = withBits(withBits(before, [0, 7, 8, 131_071], true), [3], false)
    expect(indicesSet(before, after)).to.deep.equal([0, 7, 8, 131_071])
  })

  for (const { set, sha256, encodedList } of vectors.lists) {
    it(`has its bits ${JSON.stringify(set)} where a big-endian number has them`, () => {
      const bits = set.reduce((list, i) => withBit(list, i, true), emptyBitstring())
      expect(createHash('sha256').update(bits).digest('hex')).to.equal(sha256)
      expect(Buffer.from(decodeBitstring(encodedList)).equals(bits)).to.equal(true)
      expect(set.every((i) => getBit(bits, i))).to.equal(true)
    })
  }

  it('has index 0 at the left', () => {
    expect(withBit(emptyBitstring(), 0, true)[0]).to.equal(0b1000_0000)
    expect(withBit(emptyBitstring(), 7, true)[0]).to.equal(0b0000_0001)
    expect(withBit(emptyBitstring(), 8, true)[1]).to.equal(0b1000_0000)
  })

  it('encodes 131,072 zeros as the standard shows them', () =>
    expect(encodeBitstring(emptyBitstring())).to.equal(vectors.zeros))

  it('survives encoding, whatever is set', () => {
    fc.assert(
      fc.property(fc.array(index, { maxLength: 50 }), (set) => {
        const bits = set.reduce((list, i) => withBit(list, i, true), emptyBitstring())
        expect(Buffer.from(decodeBitstring(encodeBitstring(bits))).equals(bits)).to.equal(true)
      }),
      { numRuns: 30 },
    )
  })

  it('changes one bit, in a copy', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64 }), fc.nat(511), fc.boolean(), (before, i, value) => {
        const original = Uint8Array.from(before)
        const after = withBit(before, i, value)
        expect(before).to.deep.equal(original)
        for (let j = 0; j < 512; j++) expect(getBit(after, j)).to.equal(j === i ? value : getBit(before, j))
      }),
    )
  })

  it('refuses an index outside the list', () => {
    for (const bad of [-1, LIST_BITS, 0.5, Number.NaN, 2 ** 53]) {
      withCode(() => getBit(emptyBitstring(), bad), 'status_index_out_of_range')
      withCode(() => withBit(emptyBitstring(), bad, true), 'status_index_out_of_range')
    }
  })
})

describe('decodeBitstring', () => {
  it('refuses lists below 131,072 bits', () => {
    for (const length of [0, 1, 15_000, 16_383]) {
      withCode(() => decodeBitstring(encodeBytes(new Uint8Array(length))), 'status_list_length')
    }
  })

  it('reads longer lists up to 1 MiB', () => {
    expect(decodeBitstring(encodeBytes(new Uint8Array(1_048_576)))).to.have.length(1_048_576)
  })

  it('refuses a gzip bomb without unpacking it', () => {
    const bomb = encodeBytes(new Uint8Array(64 * 1_048_576))
    const before = process.memoryUsage().rss
    withCode(() => decodeBitstring(bomb), 'status_list_malformed')
    withCode(() => decodeBitstring(encodeBytes(new Uint8Array(1_048_577))), 'status_list_malformed')
    expect(process.memoryUsage().rss - before).to.be.lessThan(20 * 1_048_576)
  })

  it('refuses what is not u, base64url without padding, and gzip', () => {
    const good = encodeBitstring(emptyBitstring())
    const truncated = `u${Buffer.from(good.slice(1), 'base64url').subarray(0, -9).toString('base64url')}`
    const notGzip = `u${Buffer.alloc(20_000).toString('base64url')}`
    for (const bad of [
      '',
      'u',
      good.slice(1),
      `z${good.slice(1)}`,
      `U${good.slice(1)}`,
      `${good}=`,
      ` ${good}`,
      `${good}\n`,
      truncated,
      notGzip,
      'u'.repeat(3_000_000),
    ]) {
      withCode(() => decodeBitstring(bad), 'status_list_malformed')
    }
  })
})

describe('parseStatusListIndex', () => {
  it('reads base-10 strings', () => {
    expect(['0', '1', '94567', '131071', '8388607'].map(parseStatusListIndex)).to.deep.equal([
      0, 1, 94567, 131_071, 8_388_607,
    ])
  })

  it('refuses everything that is not one', () => {
    for (const bad of [
      0,
      94567,
      null,
      undefined,
      [],
      ['1'],
      {},
      '',
      ' 1',
      '1 ',
      '+1',
      '01',
      '-0',
      '1.0',
      '1e5',
      '0x10',
      '94567abc',
      '٣',
      '1\n',
      '1_000',
      'NaN',
    ]) {
      withCode(() => parseStatusListIndex(bad), 'status_malformed')
    }
  })

  it('refuses indices that no list has', () => {
    for (const bad of ['-1', '-94567', '8388608', '9007199254740993', '9'.repeat(400)]) {
      withCode(() => parseStatusListIndex(bad), 'status_index_out_of_range')
    }
  })
})
