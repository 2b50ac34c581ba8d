import { DomainError, type Envelope, envelope, type SecuredType } from '@consulate/core'
import type {
  ICreateVerifiableCredentialArgs,
  ICreateVerifiablePresentationArgs,
  IIdentifier,
  IKey,
  IssuerAgentContext,
  IVerifyResult,
  VerifiableCredential,
  VerifiablePresentation,
} from '@veramo/core-types'
import type { ICredentialProvider } from '@veramo/credential-w3c'

/** What `createVerifiableCredential` and `createVerifiablePresentation` take besides Veramo's own arguments. */
interface VcJoseOptions {
  /** The `kid`: an absolute DID URL under the signer's DID. May be left out for did:key, which has just one. */
  verificationMethod?: string
}

/**
 * VC-JOSE-COSE with EdDSA, as `vc+jwt` and `vp+jwt`. The payload is `document`, which `ExactCredentialPlugin` puts beside
 * the arguments: member for member what the caller gave, claims such as `iat` and `aud` included.
 */
export class VcJoseProvider implements ICredentialProvider {
  getProofFormatsSupportedForKey(key: IKey): SecuredType[] {
    return key.type === 'Ed25519' ? ['vc+jwt', 'vp+jwt'] : []
  }

  canIssueProofFormat({ proofFormat }: { proofFormat: string }): boolean {
    return proofFormat === 'vc+jwt' || proofFormat === 'vp+jwt'
  }

  async createVerifiableCredential(
    args: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const { issuer } = args.credential
    const enveloped = await secure('vc+jwt', typeof issuer === 'string' ? issuer : issuer.id, args, context)
    return enveloped as unknown as VerifiableCredential
  }

  async createVerifiablePresentation(
    args: ICreateVerifiablePresentationArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiablePresentation> {
    const enveloped = await secure('vp+jwt', args.presentation.holder, args, context)
    return enveloped as unknown as VerifiablePresentation
  }

  /** There is one verifier, `verifyPresentation` of the core; a second one here would be the way around it. */
  canVerifyDocumentType(): boolean {
    return false
  }

  async verifyCredential(): Promise<IVerifyResult> {
    throw refusesToVerify()
  }

  async verifyPresentation(): Promise<IVerifyResult> {
    throw refusesToVerify()
  }
}

interface SecureArgs extends VcJoseOptions {
  keyRef?: string
  document?: object
}

async function secure(
  typ: SecuredType,
  did: string,
  args: SecureArgs,
  { agent }: IssuerAgentContext,
): Promise<Envelope> {
  if (!args.document) throw new TypeError('VcJoseProvider works with ExactCredentialPlugin only')
  const key = signingKey(await agent.didManagerGet({ did }), args.keyRef)
  const kid = args.verificationMethod ?? soleVerificationMethod(did)
  if (!kid.startsWith(`${did}#`)) {
    throw new DomainError(
      'key_not_authorized',
      `The verification method ${kid} is not one of ${did}: expected ${did}#….`,
    )
  }
  const signed = `${encode({ alg: 'EdDSA', typ, kid })}.${encode(args.document)}`
  const signature = await agent.keyManagerSign({ keyRef: key.kid, algorithm: 'EdDSA', data: signed })
  return envelope(typ, `${signed}.${signature}`)
}

function signingKey({ did, keys }: IIdentifier, keyRef?: string): IKey {
  const candidates = keys.filter(({ type, kid }) => type === 'Ed25519' && (keyRef === undefined || kid === keyRef))
  const [key, another] = candidates
  if (key && !another) return key
  throw new DomainError(
    'key_not_found',
    `${did} has ${candidates.length} Ed25519 keys that could sign${keyRef ? ` under the name ${keyRef}` : ''}: name one as keyRef.`,
  )
}

function soleVerificationMethod(did: string): string {
  if (did.startsWith('did:key:')) return `${did}#${did.slice('did:key:'.length)}`
  throw new DomainError('invalid_request', `${did} may have several keys: name the verificationMethod to sign with.`)
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function refusesToVerify(): DomainError {
  return new DomainError('internal', 'The agent verifies nothing.', { reason: 'use verifyPresentation of the core' })
}
