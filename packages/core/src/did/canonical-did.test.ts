import { expect } from 'chai'
import fc from 'fast-check'
import invalid from '../../../../test/vectors/invalid/canonical-did.json' with { type: 'json' }
import valid from '../../../../test/vectors/valid/canonical-did.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import { canonicalDid } from './canonical-did.ts'
import { encodeDidKey } from './did-key.ts'
import { ethrDid, parseEthrDid } from './ethr-did.ts'

describe('canonicalDid', () => {
  for (const did of [...[...valid.didKeys, ...valid.ecDidKeys].map((key) => key.did), ...valid.others]) {
    it(`returns ${did} unchanged`, () => expect(canonicalDid(did)).to.equal(did))
  }

  for (const { did, why, code, canonical } of invalid) {
    it(`refuses ${JSON.stringify(did.slice(0, 90))}: ${why}`, () => {
      const refused = expect(() => canonicalDid(did)).to.throw(DomainError)
      refused.with.property('code', code)
      if (canonical !== undefined) refused.with.property('message').that.includes(`must be written ${canonical}.`)
    })
  }

  it('accepts the right form that a refusal shows', () => {
    const shown = invalid.flatMap(({ canonical }) => canonical ?? [])
    expect(shown.length).to.be.greaterThan(10)
    expect(shown.map(canonicalDid)).to.deep.equal(shown)
  })

  it('never accepts two spellings that differ in case alone', () => {
    const key = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .filter((raw) => (raw[31]! & 0x7f) < 0x7f && raw[5] !== 0)
    const account = fc.tuple(fc.integer({ min: 1 }), fc.stringMatching(/^[0-9a-f]{40}$/))
    const did = fc.oneof(
      key.map(encodeDidKey),
      account.map(([chainId, address]) => ethrDid(chainId, `0x${address}`)),
    )
    fc.assert(
      fc.property(did, fc.nat(), (canonical, position) => {
        expect(canonicalDid(canonical)).to.equal(canonical)
        const i = position % canonical.indexOf(':', 4)
        const twin = canonical.slice(0, i) + canonical.charAt(i).toUpperCase() + canonical.slice(i + 1)
        if (twin !== canonical) expect(() => canonicalDid(twin)).to.throw(DomainError)
        const upper = canonical.toUpperCase()
        expect(() => canonicalDid(upper)).to.throw(DomainError)
      }),
    )
  })

  it('answers any string with itself or a DomainError', () => {
    const part = fc.constantFrom(
      'did:',
      'key:',
      'ethr:',
      'web:',
      '0x',
      '0x1:',
      'z6Mk',
      '%3A',
      '..',
      ':',
      'a.b',
      '#',
      '\u0000',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ unit: 'binary' }))), (parts) => {
        const value = parts.join('')
        try {
          expect(canonicalDid(value)).to.equal(value)
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError)
        }
      }),
    )
  })
})

describe('parseEthrDid', () => {
  it('takes apart what ethrDid puts together, from an address in checksum case', () => {
    const did = ethrDid(31337, '0x5FbDB2315678afecb367f032d93F642f64180aa3')
    expect(did).to.equal('did:ethr:0x7a69:0x5fbdb2315678afecb367f032d93f642f64180aa3')
    expect(parseEthrDid(did)).to.deep.equal({ chainId: 31337, address: '0x5fbdb2315678afecb367f032d93f642f64180aa3' })
  })

  it('refuses a did:key', () => {
    expect(() => parseEthrDid(valid.didKeys[0]!.did))
      .to.throw(DomainError)
      .with.property('code', 'did_malformed')
  })

  it('refuses to make a DID of a chain id or address that is none', () => {
    for (const [chainId, address] of [
      [0, '40'],
      [-1, '40'],
      [1.5, '40'],
      [Number.NaN, '40'],
      [1, '39'],
    ] as const) {
      const account = `0x${'a'.repeat(Number(address))}` as const
      expect(() => ethrDid(chainId, account), `${chainId}`).to.throw(DomainError)
    }
  })
})
