import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { DomainError } from '@consulate/core'
import { base58 } from '@scure/base'
import { expect } from 'chai'
import fc from 'fast-check'
import { createKeyResolver } from './key-resolver.ts'
import { webDidUrl } from './web-resolver.ts'

const DID = 'did:web:agents.example'
const ADDRESS = `0x${'11'.repeat(20)}` as const
const chain = { chainId: 1, rpcUrls: ['http://127.0.0.1:1'], didRegistry: ADDRESS, statusRegistry: ADDRESS }

const KEYS = {
  EdDSA: generateKeyPairSync('ed25519').publicKey,
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  ES256K: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey,
}
const PREFIXES = { EdDSA: 'ed01', ES256: '8024', ES256K: 'e701' }

describe('resolving did:web', () => {
  it('asks where the specification says', () => {
    expect(webDidUrl('did:web:w3c-ccg.github.io')).to.equal('https://w3c-ccg.github.io/.well-known/did.json')
    expect(webDidUrl('did:web:w3c-ccg.github.io:user:alice')).to.equal('https://w3c-ccg.github.io/user/alice/did.json')
    expect(webDidUrl('did:web:example.com%3A3000:user')).to.equal('https://example.com:3000/user/did.json')
  })

  it('asks no other host and no other folder than the DID names, whatever is put into it', () => {
    const part = fc.constantFrom(
      '..',
      '.',
      '%2e%2e',
      '%2F',
      '@evil.example',
      'a',
      '/',
      '\\',
      '?',
      '#',
      '%3A1',
      ':',
      '%40',
      '[::1]',
      '127.0.0.1',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 5 })), { maxLength: 6 }), (parts) => {
        const did = `did:web:agents.example${parts.join('')}`
        try {
          const url = new URL(webDidUrl(did))
          expect([url.protocol, url.username, url.search, url.hash]).to.deep.equal(['https:', '', '', ''])
          expect(url.hostname).to.match(/^agents\.example/)
          expect(url.href).to.equal(webDidUrl(did))
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError)
        }
      }),
    )
  })

  for (const [algorithm, key] of Object.entries(KEYS) as [keyof typeof KEYS, KeyObject][]) {
    it(`finds keys for ${algorithm}, as JWK and as Multikey, listed and where they are used`, async () => {
      const jwk = { type: 'JsonWebKey', publicKeyJwk: key.export({ format: 'jwk' }) }
      const multikey = { type: 'Multikey', publicKeyMultibase: multibase(PREFIXES[algorithm], key) }
      const listed = { id: '#listed', controller: DID, ...jwk }
      const used = { id: `${DID}#used`, controller: DID, ...multikey }
      const keys = await resolve({
        id: DID,
        verificationMethod: [listed],
        authentication: [`${DID}#listed`, used],
        assertionMethod: ['#listed'],
      })
      expect([...keys.verificationMethods.keys()]).to.deep.equal([`${DID}#listed`, `${DID}#used`])
      for (const method of keys.verificationMethods.values()) {
        expect(method.algorithm).to.equal(algorithm)
        expect(method.publicKey?.equals(key)).to.equal(true)
      }
      expect([...keys.verificationMethods.get(`${DID}#used`)!.purposes]).to.deep.equal(['authentication'])
    })
  }

  it('leaves out keys of others and keys of a kind that is not verified here', async () => {
    const publicKeyJwk = KEYS.EdDSA.export({ format: 'jwk' })
    const keys = await resolve({
      id: DID,
      verificationMethod: [
        { id: '#other', type: 'JsonWebKey', controller: 'did:web:other.example', publicKeyJwk },
        { id: '#rsa', type: 'JsonWebKey', controller: DID, publicKeyJwk: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } },
        { id: '#x', type: 'X25519KeyAgreementKey2020', controller: DID, publicKeyMultibase: 'z6LS' },
      ],
    })
    expect(keys.verificationMethods.size).to.equal(0)
  })

  it('refuses what is no document, one of another DID, and keys that are none', async () => {
    const method = (publicKeyJwk: object) => ({
      id: DID,
      verificationMethod: [{ id: '#a', type: 'JsonWebKey', controller: DID, publicKeyJwk }],
    })
    expect(await refusal({ id: 'did:web:other.example' })).to.equal('did_unresolvable')
    expect(await refusal([])).to.equal('did_malformed')
    expect(await refusal({ id: DID, verificationMethod: 'none' })).to.equal('did_malformed')
    expect(await refusal(method({ kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32).toString('base64url') }))).to.equal(
      'did_malformed',
    )
    expect(await refusal(method({ kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ' }))).to.equal('did_malformed')
    expect(await refusal(`{"id":"${DID}","id":"${DID}"}`)).to.equal('did_malformed')
  })

  it('asks once for all who ask at the same time, and again when it is forgotten or a minute old', async () => {
    let asked = 0
    const fetch = async () => {
      asked++
      return Buffer.from(JSON.stringify({ id: DID }))
    }
    const resolver = createKeyResolver({ chain, fetch, ttlMs: 50 })
    await Promise.all(Array.from({ length: 20 }, () => resolver.resolveKeys(DID)))
    await resolver.resolveKeys(DID)
    expect(asked).to.equal(1)
    resolver.invalidate(DID)
    await resolver.resolveKeys(DID)
    expect(asked).to.equal(2)
    await new Promise((resolve) => setTimeout(resolve, 80))
    await resolver.resolveKeys(DID)
    expect(asked).to.equal(3)
  })
})

async function resolve(document: unknown) {
  const text = typeof document === 'string' ? document : JSON.stringify(document)
  return createKeyResolver({ chain, fetch: async () => Buffer.from(text) }).resolveKeys(DID)
}

function refusal(document: unknown): Promise<string> {
  return resolve(document).then(
    () => 'none',
    (error) => error.code as string,
  )
}

function multibase(prefix: string, key: KeyObject): string {
  const { kty, x, y } = key.export({ format: 'jwk' })
  const [left, right] = [x, y].map((value) => Buffer.from(value ?? '', 'base64url'))
  const raw = kty === 'OKP' ? left! : Buffer.concat([Buffer.of(2 + (right!.at(-1)! & 1)), left!])
  return `z${base58.encode(Buffer.concat([Buffer.from(prefix, 'hex'), raw]))}`
}
