import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { createSealer, type SealContext } from './sealer.ts'

describe('sealer', () => {
  const sealer = createSealer(randomBytes(32))
  const context: SealContext = { kind: 'key', owner: 'did:example:a', id: 'k1', version: 1 }
  const secret = Buffer.from('the secret')

  it('opens what it sealed, each time under another IV', () => {
    const sealed = [sealer.seal(context, secret), sealer.seal(context, secret)]
    expect(sealed.map((blob) => sealer.open(context, blob).toString())).to.deep.equal(['the secret', 'the secret'])
    expect(sealed[0]).to.not.deep.equal(sealed[1])
  })

  const elsewhere: Record<string, Partial<SealContext>> = {
    owner: { owner: 'did:example:b' },
    id: { id: 'k2' },
    kind: { kind: 'secret' },
    version: { version: 2 },
  }
  for (const [name, change] of Object.entries(elsewhere)) {
    it(`refuses a value moved to another ${name}`, () => {
      expectNotOpened(() => sealer.open({ ...context, ...change }, sealer.seal(context, secret)))
    })
  }

  for (const separator of ['', '|', ',', '","', '\0']) {
    it(`tells apart contexts whose parts run into each other around ${JSON.stringify(separator)}`, () => {
      const one = { ...context, owner: `a${separator}b`, id: 'c' }
      const other = { ...context, owner: 'a', id: `b${separator}c` }
      expectNotOpened(() => sealer.open(other, sealer.seal(one, secret)))
    })
  }

  it('refuses another root key', () => {
    expectNotOpened(() => createSealer(randomBytes(32)).open(context, sealer.seal(context, secret)))
  })

  it('refuses a shortened tag', () => {
    const sealed = sealer.seal(context, secret)
    for (let cut = 1; cut <= sealed.length; cut++) expectNotOpened(() => sealer.open(context, sealed.subarray(0, -cut)))
  })

  it('refuses a value of which any bit was flipped', () => {
    const sealed = sealer.seal(context, secret)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const altered = Buffer.from(sealed)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      expectNotOpened(() => sealer.open(context, altered))
    }
  })

  function expectNotOpened(open: () => unknown): void {
    expect(open).to.throw('A stored secret could not be opened.').with.property('code', 'internal')
  }
})
