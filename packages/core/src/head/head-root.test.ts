import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import vectors from '../../../../test/vectors/valid/head-root.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import { merkleTreeHash } from '../merkle/tree-root.ts'
import { emptyBitstring } from '../status-list/bitstring.ts'
import { bitstringDigest, headRoot, statusEntrySchema } from './head-root.ts'

const entries = vectors.at(-1)!.entries

describe('headRoot', () => {
  for (const { entries: given, entryBytes, root } of vectors) {
    it(`of ${given.length} entries is the tree over their canonical bytes`, () => {
      expect(headRoot(given)).to.equal(root)
      expect(`0x${merkleTreeHash(entryBytes.map((bytes) => Buffer.from(bytes, 'hex'))).toString('hex')}`).to.equal(root)
    })
  }

  it('does not depend on the order of the entries, and leaves it alone', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
        const order = [...shuffled]
        expect(headRoot(shuffled)).to.equal(vectors.at(-1)!.root)
        expect(shuffled).to.deep.equal(order)
      }),
    )
  })

  it('depends on every member', () => {
    const [first, ...rest] = entries
    for (const change of [{ name: 'x' }, { purpose: 'x' }, { version: 999 }, { digest: '0'.repeat(64) }]) {
      expect(headRoot([{ ...first!, ...change }, ...rest])).not.to.equal(headRoot(entries))
    }
  })

  it('refuses two entries of one name', () => {
    expect(() => headRoot([...entries, { ...entries[0]!, version: 7 }]))
      .to.throw(DomainError)
      .with.property('code', 'head_malformed')
  })
})

describe('statusEntrySchema', () => {
  it('refuses other shapes', () => {
    const good = entries[0]!
    expect(statusEntrySchema.safeParse(good).success).to.equal(true)
    for (const change of [
      { name: '' },
      { version: -1 },
      { version: 1.5 },
      { digest: 'ab' },
      { digest: 'A'.repeat(64) },
      { extra: 1 },
      { purpose: undefined },
    ]) {
      expect(statusEntrySchema.safeParse({ ...good, ...change }).success).to.equal(false)
    }
  })
})

describe('bitstringDigest', () => {
  it('is the SHA-256 of the raw bits', () => {
    expect(bitstringDigest(emptyBitstring())).to.equal(createHash('sha256').update(Buffer.alloc(16_384)).digest('hex'))
  })
})
