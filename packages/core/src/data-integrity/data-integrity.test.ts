import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { base58 } from '@scure/base'
import { expect } from 'chai'
import fc from 'fast-check'
import vectors from '../../../../test/vectors/valid/data-integrity.json' with { type: 'json' }
import { encodeDidKey, resolveDidKey } from '../did/did-key.ts'
import { importEd25519PublicKey } from '../did/import-public-key.ts'
import type { DidKeys, ProofPurpose } from '../did/verification-method.ts'
import type { DomainError } from '../errors.ts'
import { parseDateTime } from '../time/date-time.ts'
import { addProof, type ProofRequest } from './add-proof.ts'
import { type CryptosuiteName, cryptosuiteSchema, type Proof } from './proof.ts'
import { type ProofDemand, verifyProofs } from './verify-proofs.ts'

const { document, verificationMethod } = vectors
const CREATED = parseDateTime(vectors.created)
const ED25519_SECRET = '302e020100300506032b657004220420'
// The two bytes of the multicodec come first.
const keyBytes = (multibase: string) => base58.decode(multibase.slice(1)).subarray(2)

describe('Data Integrity proofs', () => {
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from(ED25519_SECRET, 'hex'), keyBytes(vectors.secretKeyMultibase)]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = importEd25519PublicKey(keyBytes(vectors.publicKeyMultibase))
  const demand: ProofDemand = { keys: keysFor('assertionMethod'), purpose: 'assertionMethod', now: CREATED }

  function keysFor(...purposes: ProofPurpose[]): DidKeys {
    const method = { id: verificationMethod, algorithm: 'EdDSA' as const, publicKey, purposes: new Set(purposes) }
    return { did: document.issuer, verificationMethods: new Map([[verificationMethod, method]]) }
  }

  const signWith = (key: KeyObject) => async (data: Uint8Array) => sign(null, data, key)
  const secure = <T extends object>(input: T, change: Partial<ProofRequest> & Pick<ProofRequest, 'cryptosuite'>) =>
    addProof(
      input,
      { verificationMethod, proofPurpose: 'assertionMethod', now: CREATED, ...change },
      signWith(privateKey),
    )
  const refusal = (secured: object, change: Partial<ProofDemand> = {}): Promise<string> =>
    verifyProofs(secured, { ...demand, ...change }).then(
      () => 'accepted',
      (error) => (error as DomainError).code,
    )

  for (const cryptosuite of cryptosuiteSchema.options) {
    describe(cryptosuite, () => {
      let secured: typeof document & { proof: Proof }

      before(async () => {
        secured = await secure(document, { cryptosuite })
      })

      const withProof = (change: object) => ({ ...secured, proof: { ...secured.proof, ...change } })

      it('signs the published vector byte for byte, and leaves its input alone', async () => {
        const input = structuredClone(document)
        const { proof } = await secure(input, { cryptosuite })
        expect(proof.proofValue).to.equal(vectors.proofValues[cryptosuite])
        expect(input).to.deep.equal(document)
      })

      it('accepts the published vector', async () => {
        expect(await refusal(secured)).to.equal('accepted')
      })

      const cases: Record<string, [code: string, make: () => object, change?: Partial<ProofDemand>]> = {
        'no proof': ['proof_malformed', () => document],
        'a proof that is no object': ['proof_malformed', () => ({ ...document, proof: 'proof' })],
        'an empty set': ['proof_malformed', () => ({ ...document, proof: [] })],
        'nine proofs': ['proof_malformed', () => ({ ...document, proof: Array(9).fill(secured.proof) })],
        'another type': ['proof_malformed', () => withProof({ type: 'Ed25519Signature2020' })],
        'another cryptosuite': ['proof_malformed', () => withProof({ cryptosuite: 'ecdsa-rdfc-2019' })],
        'no verification method': ['proof_malformed', () => withProof({ verificationMethod: undefined })],
        'a relative verification method': ['proof_malformed', () => withProof({ verificationMethod: '#key' })],
        'no purpose': ['proof_malformed', () => withProof({ proofPurpose: undefined })],
        'no value': ['proof_malformed', () => withProof({ proofValue: undefined })],
        'a value without its multibase prefix': [
          'proof_malformed',
          () => withProof({ proofValue: secured.proof.proofValue.slice(1) }),
        ],
        'a time that is none': ['proof_malformed', () => withProof({ created: '2023-02-24' })],
        'a previous proof that is not there': ['proof_malformed', () => withProof({ previousProof: 'urn:uuid:1' })],
        'the other cryptosuite’s name': ['signature_invalid', () => withProof({ cryptosuite: otherThan(cryptosuite) })],
        'a changed claim': ['signature_invalid', () => ({ ...secured, issuer: 'https://vc.example/issuers/1' })],
        'a changed time': ['signature_invalid', () => withProof({ created: '2023-02-24T23:36:37Z' })],
        'an added challenge': ['signature_invalid', () => withProof({ challenge: 'challenge' })],
        'another key': ['key_not_found', () => withProof({ verificationMethod: `${document.issuer}#other` })],
        'a key that may not assert': ['key_not_authorized', () => secured, { keys: keysFor('authentication') }],
        'another purpose than asked for': [
          'proof_purpose_mismatch',
          () => secured,
          { purpose: 'authentication', keys: keysFor('authentication') },
        ],
        'one from the future': ['proof_not_yet_valid', () => secured, { now: CREATED - 61 }],
        'one that has expired': ['proof_expired', () => withProof({ expires: vectors.created }), { now: CREATED + 60 }],
      }
      for (const [what, [code, make, change]] of Object.entries(cases))
        it(`refuses ${what}`, async () => expect(await refusal(make(), change)).to.equal(code))

      it('refuses a set in which one proof is wrong', async () => {
        const wrong = { ...secured.proof, created: '2023-02-24T23:36:37Z' }
        for (const proof of [
          [secured.proof, wrong],
          [wrong, secured.proof],
        ])
          expect(await refusal({ ...document, proof })).to.equal('signature_invalid')
        expect(await refusal({ ...document, proof: [secured.proof, secured.proof] })).to.equal('accepted')
      })

      it('refuses a did:key’s signature over anything else, whatever byte of the value changes', async () => {
        const { publicKey: own, privateKey: secret } = generateKeyPairSync('ed25519')
        const did = encodeDidKey(Buffer.from(own.export({ format: 'jwk' }).x!, 'base64url'))
        const kid = `${did}#${did.slice('did:key:'.length)}`
        const ours = await addProof(
          { ...document, issuer: did },
          { cryptosuite, verificationMethod: kid, proofPurpose: 'assertionMethod', now: CREATED },
          signWith(secret),
        )
        const asked = { keys: resolveDidKey(did) }
        expect(await refusal(ours, asked)).to.equal('accepted')
        const bytes = base58.decode(ours.proof.proofValue.slice(1))
        await fc.assert(
          fc.asyncProperty(fc.nat(63), fc.integer({ min: 1, max: 255 }), async (at, change) => {
            const altered = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ change : byte))
            const proof = { ...ours.proof, proofValue: `z${base58.encode(altered)}` }
            expect(await refusal({ ...ours, proof }, asked)).to.equal('signature_invalid')
          }),
          { numRuns: 20 },
        )
      })
    })
  }

  for (const cryptosuite of cryptosuiteSchema.options)
    it(`secures a document with contexts of its own under ${cryptosuite}`, async () => {
      const inline = { T: 'https://example.org/#T', nested: { '@id': 'https://example.org/#n', '@type': '@json' } }
      const made = await secure({ ...document, '@context': [...document['@context'], inline] }, { cryptosuite })
      // Parsed, the contexts of document and proof are no longer one object.
      const secured: typeof made = JSON.parse(JSON.stringify(made))
      expect(await refusal(secured)).to.equal('accepted')
      const changed: typeof made = JSON.parse(JSON.stringify(made))
      Object.assign(changed['@context'].at(-1)!, { T: 'https://example.org/#other' })
      expect(await refusal(changed)).to.equal(cryptosuite === 'eddsa-jcs-2022' ? 'proof_malformed' : 'accepted')
    })

  it('refuses a context that was appended after signing under eddsa-jcs-2022', async () => {
    const { proof } = await secure(document, { cryptosuite: 'eddsa-jcs-2022' })
    const context = [...document['@context'], { alumniOf: 'urn:other:meaning' }]
    expect(await refusal({ ...document, '@context': context, proof })).to.equal('proof_malformed')
  })

  it('gives a proof no context of its own under eddsa-rdfc-2022', async () => {
    const { proof } = await secure(document, { cryptosuite: 'eddsa-rdfc-2022' })
    const own = { ...proof, '@context': { created: 'urn:other:meaning' } }
    expect(await refusal({ ...document, proof: { ...own, created: '2020-01-01T00:00:00Z' } })).to.equal(
      'signature_invalid',
    )
  })

  it('names a context that it does not have, and fetches none', async () => {
    const strange = { ...document, '@context': [...document['@context'], 'https://context.example/v1'] }
    const proof = (await secure(document, { cryptosuite: 'eddsa-rdfc-2022' })).proof
    expect(await refusal({ ...strange, proof })).to.equal('context_unknown')
  })
})

function otherThan(name: CryptosuiteName): CryptosuiteName {
  return cryptosuiteSchema.options.find((other) => other !== name)!
}

describe('a graph made to keep canonicalization busy', () => {
  it('is refused within a second', async () => {
    // Every blank node points at every other one (the clique of the RDF Dataset Canonicalization tests).
    const names = Array.from({ length: 12 }, (_, index) => `_:n${index}`)
    const clique = names.map((id) => ({
      id,
      knows: names.filter((other) => other !== id).map((other) => ({ id: other })),
    }))
    const terms = { knows: { '@id': 'urn:terms:knows', '@type': '@id' } }
    const context = [...document['@context'], terms]
    const poisoned = { ...document, '@context': context, credentialSubject: clique }
    const proof = { ...(await signedShape()), cryptosuite: 'eddsa-rdfc-2022' as const }
    const began = performance.now()
    const code = await verifyProofs({ ...poisoned, proof }, anyKey()).then(
      () => 'accepted',
      (error) => (error as DomainError).code,
    )
    expect(code).to.equal('proof_malformed')
    expect(performance.now() - began).to.be.below(2_000)
  })

  const anyKey = (): ProofDemand => {
    const publicKey = importEd25519PublicKey(keyBytes(vectors.publicKeyMultibase))
    const method = {
      id: verificationMethod,
      algorithm: 'EdDSA' as const,
      publicKey,
      purposes: new Set(['assertionMethod'] as const),
    }
    return {
      keys: { did: document.issuer, verificationMethods: new Map([[verificationMethod, method]]) },
      purpose: 'assertionMethod',
      now: CREATED,
    }
  }

  const signedShape = async () => ({
    type: 'DataIntegrityProof',
    created: vectors.created,
    verificationMethod,
    proofPurpose: 'assertionMethod',
    proofValue: vectors.proofValues['eddsa-rdfc-2022'],
  })
})
