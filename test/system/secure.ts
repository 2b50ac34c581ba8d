import { sign } from 'node:crypto'
import { addProof, type CryptosuiteName } from '@consulate/core/data-integrity'
import { forge, type Signer } from './forge.ts'

export const MECHANISMS = ['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'vc+jwt'] as const
export type Mechanism = (typeof MECHANISMS)[number]

export const V2 = 'https://www.w3.org/ns/credentials/v2'

/** A credential of this issuer about nobody in particular. */
export function credentialOf(issuer: string, change: object = {}): Record<string, unknown> {
  return {
    '@context': [V2, 'https://www.w3.org/ns/credentials/examples/v2'],
    id: 'urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33',
    type: ['VerifiableCredential', 'ExampleAlumniCredential'],
    issuer,
    validFrom: '2024-01-01T00:00:00Z',
    credentialSubject: { id: 'did:example:abcdefgh', alumniOf: 'The School of Examples' },
    ...change,
  }
}

/** Secures a credential as its issuer would; as JSON always. */
export async function secureCredential(signer: Signer, mechanism: Mechanism, credential: object): Promise<object> {
  if (mechanism === 'vc+jwt') return enveloped('Credential', forge(signer, mechanism, credential))
  return prove(signer, mechanism, credential, { proofPurpose: 'assertionMethod' })
}

/** Secures a presentation as its holder would; as JSON always. */
export async function securePresentation(
  signer: Signer,
  mechanism: Mechanism,
  presentation: object,
  { challenge, domain }: { challenge?: string; domain?: string } = {},
): Promise<object> {
  const jose = { ...presentation, nonce: challenge, aud: domain }
  if (mechanism === 'vc+jwt') return enveloped('Presentation', forge(signer, 'vp+jwt', jose))
  const bound = { ...(challenge !== undefined && { challenge }), ...(domain !== undefined && { domain }) }
  return prove(signer, mechanism, presentation, { proofPurpose: 'authentication', ...bound })
}

function enveloped(kind: 'Credential' | 'Presentation', token: string): object {
  const type = kind === 'Credential' ? 'application/vc+jwt' : 'application/vp+jwt'
  return { '@context': V2, id: `data:${type},${token}`, type: `EnvelopedVerifiable${kind}` }
}

function prove(
  { kid, privateKey }: Signer,
  cryptosuite: CryptosuiteName,
  document: object,
  options: { proofPurpose: 'assertionMethod' | 'authentication'; challenge?: string; domain?: string },
): Promise<object> {
  const now = Math.floor(Date.now() / 1000)
  const request = { cryptosuite, verificationMethod: kid, now, ...options }
  return addProof(document, request, async (data) => sign(null, data, privateKey))
}
