import { generateKeyPairSync } from 'node:crypto'
import { base58 } from '@scure/base'
import { expect } from 'chai'
import fc from 'fast-check'
import valid from '../../../../test/vectors/valid/canonical-did.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import { canonicalDid } from './canonical-did.ts'
import { encodeDidKey, resolveDidKey } from './did-key.ts'

describe('resolveDidKey', () => {
  for (const { did, publicKey } of valid.didKeys) {
    it(`finds the key of ${did}, for assertion and authentication`, () => {
      const keys = resolveDidKey(did)
      expect(keys.did).to.equal(did)
      const [method, ...others] = keys.verificationMethods.values()
      expect(others).to.deep.equal([])
      expect(method).to.include({ id: `${did}#${did.slice('did:key:'.length)}`, algorithm: 'EdDSA' })
      expect([...method!.purposes]).to.have.members(['assertionMethod', 'authentication'])
      expect(keys.verificationMethods.get(method!.id)).to.equal(method)
      expect(Buffer.from(method!.publicKey!.export({ format: 'jwk' }).x!, 'base64url').toString('hex')).to.equal(
        publicKey,
      )
    })

    it(`writes that key as ${did}`, () => expect(encodeDidKey(Buffer.from(publicKey, 'hex'))).to.equal(did))
  }

  for (const { did, algorithm, x, y } of valid.ecDidKeys)
    it(`finds the key of ${did}, which is for ${algorithm}`, () => {
      const [method, ...others] = resolveDidKey(did).verificationMethods.values()
      expect(others).to.deep.equal([])
      expect(method).to.include({ id: `${did}#${did.slice('did:key:'.length)}`, algorithm })
      expect([...method!.purposes]).to.have.members(['assertionMethod', 'authentication'])
      expect(method!.publicKey!.export({ format: 'jwk' })).to.include({ x, y })
    })

  it('refuses the did:key of what is no point of its curve', () => {
    for (const did of [
      'did:key:zDnaeQRy3dcKsKa1zmKtVKsTy3m2HYoQnFnfKuxD6HfSTQgYg',
      'did:key:zQ3shMQnkqiyfujhRPGFFqSEeD2yV9kUcmyBiu2fT2BXfFPMN',
    ]) {
      expect(canonicalDid(did)).to.equal(did)
      expect(() => resolveDidKey(did))
        .to.throw(DomainError)
        .with.property('code', 'did_malformed')
    }
  })

  it('refuses the did:key of a small-order point, which anybody can sign for', () => {
    const did = `did:key:z${base58.encode(Buffer.from(`ed01${'00'.repeat(32)}`, 'hex'))}`
    expect(() => resolveDidKey(did))
      .to.throw(DomainError, 'small order')
      .with.property('code', 'did_malformed')
  })

  it('refuses another spelling', () => {
    expect(() => resolveDidKey(`${valid.didKeys[0]!.did}#x`)).to.throw(DomainError)
  })
})

describe('encodeDidKey', () => {
  it('gives each generated key a canonical DID that resolves to it', () => {
    for (let i = 0; i < 20; i++) {
      const { publicKey } = generateKeyPairSync('ed25519')
      const did = encodeDidKey(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
      expect(canonicalDid(did)).to.equal(did)
      const [method] = resolveDidKey(did).verificationMethods.values()
      expect(method?.publicKey?.equals(publicKey)).to.equal(true)
    }
  })

  it('refuses keys of another length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 70 }).filter((raw) => raw.length !== 32),
        (raw) => {
          expect(() => encodeDidKey(raw))
            .to.throw(DomainError)
            .with.property('code', 'did_malformed')
        },
      ),
    )
  })
})
