import { generateKeyPairSync, sign } from 'node:crypto'
import { expect } from 'chai'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import { addProof } from '../data-integrity/add-proof.ts'
import { cryptosuiteSchema } from '../data-integrity/proof.ts'
import type { ProofPurpose } from '../did/verification-method.ts'
import type { DomainError } from '../errors.ts'
import { verifySecuredPresentation } from './verify-secured-presentation.ts'

const NOW = 1_767_225_600
const HOLDER = 'did:web:holder.example'
const KEY = `${HOLDER}#key`

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const said = { '@context': [CREDENTIALS_V2], type: 'VerifiableCredential', credentialSubject: { id: HOLDER } }

describe('a credential that only the presentation around it secures', () => {
  for (const cryptosuite of cryptosuiteSchema.options) {
    const outcome = async (
      { credential = {}, holder = HOLDER }: { credential?: object; holder?: string | undefined } = {},
      purposes: ProofPurpose[] = ['authentication', 'assertionMethod'],
      trusted: string[] = [HOLDER],
    ): Promise<string> => {
      const presentation = {
        '@context': [CREDENTIALS_V2],
        type: 'VerifiablePresentation',
        ...(holder !== '' && { holder }),
        verifiableCredential: [{ ...said, issuer: HOLDER, ...credential }],
      }
      const request = { cryptosuite, verificationMethod: KEY, proofPurpose: 'authentication', now: NOW } as const
      const secured = await addProof(presentation, request, async (data) => sign(null, data, privateKey))
      const method = { id: KEY, algorithm: 'EdDSA' as const, publicKey, purposes: new Set(purposes) }
      const ports = {
        now: () => NOW,
        trusts: (issuer: string) => trusted.includes(issuer),
        keys: (did: string) => ({ did, verificationMethods: new Map([[KEY, method]]) }),
        statusList: () => Promise.reject(new Error('nothing is fetched')),
      }
      return verifySecuredPresentation(ports, secured, { status: false }).then(
        ({ credentials }) => `${credentials.length} verified`,
        (error) => (error as DomainError).code,
      )
    }

    describe(`by ${cryptosuite}`, () => {
      it('is what its holder says, when the holder is named and trusted', async () => {
        expect(await outcome()).to.equal('1 verified')
        expect(await outcome({}, undefined, [])).to.equal('issuer_not_trusted')
      })

      it('is refused when no holder is named, or somebody else says it', async () => {
        const other = 'did:web:other.example'
        expect(await outcome({ holder: '' })).to.equal('proof_malformed')
        expect(await outcome({ credential: { issuer: other } }, undefined, [HOLDER, other])).to.equal('proof_malformed')
        expect(await outcome({ holder: other })).to.equal('holder_mismatch')
      })

      it('is refused when the key that shows it may not assert', async () => {
        expect(await outcome({}, ['authentication'])).to.equal('key_not_authorized')
      })

      it('is held to all that other credentials are', async () => {
        expect(await outcome({ credential: { validUntil: '2020-01-01T00:00:00Z' } })).to.equal('credential_expired')
        expect(await outcome({ credential: { credentialSubject: {} } })).to.equal('credential_malformed')
        expect(await outcome({ credential: { proof: [] } })).to.equal('proof_malformed')
      })
    })
  }
})
