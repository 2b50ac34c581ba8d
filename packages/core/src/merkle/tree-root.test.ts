import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import vectors from '../../../../test/vectors/valid/merkle-tree-hash.json' with { type: 'json' }
import { merkleTreeHash } from './tree-root.ts'

describe('merkleTreeHash', () => {
  for (const [size, root] of vectors.roots.entries()) {
    it(`of the first ${size} leaves known from Certificate Transparency is ${root.slice(0, 8)}…`, () => {
      const leaves = vectors.leaves.slice(0, size).map((hex) => Buffer.from(hex, 'hex'))
      expect(merkleTreeHash(leaves).toString('hex')).to.equal(root)
    })
  }

  it('agrees with a tree built level by level', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 70 }), (leaves) => {
        expect(merkleTreeHash(leaves)).to.deep.equal(levelByLevel(leaves))
      }),
    )
  })

  it('tells leaves from nodes, and orders apart', () => {
    const [a, b] = [Buffer.from('a'), Buffer.from('b')]
    const inner = Buffer.concat([merkleTreeHash([a]), merkleTreeHash([b])])
    expect(merkleTreeHash([inner])).not.to.deep.equal(merkleTreeHash([a, b]))
    expect(merkleTreeHash([b, a])).not.to.deep.equal(merkleTreeHash([a, b]))
    expect(merkleTreeHash([a, b, b])).not.to.deep.equal(merkleTreeHash([a, b]))
  })
})

/** An odd last node moves up as it is, which is where RFC 6962's split puts it. */
function levelByLevel(leaves: Uint8Array[]): Buffer {
  const sha256 = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  if (leaves.length === 0) return sha256()
  let level: Buffer[] = leaves.map((leaf) => sha256(Buffer.of(0), leaf))
  while (level.length > 1) {
    const above: Buffer[] = []
    for (let i = 0; i < level.length; i += 2) {
      const right = level[i + 1]
      above.push(right ? sha256(Buffer.of(1), level[i]!, right) : level[i]!)
    }
    level = above
  }
  return level[0]!
}
