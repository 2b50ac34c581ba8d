import type { Proof } from '../data-integrity/proof.ts'
import { canonicalDid } from '../did/canonical-did.ts'
import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { checkTerms } from '../json-ld/check-terms.ts'
import { MAX_CREDENTIALS } from '../presentation/presentation.ts'
import type { AnyCredential } from '../vcdm/credential-shape.ts'
import { type AnyPresentation, readPresentationShape } from '../vcdm/presentation-shape.ts'
import { checkStatusEntries } from './check-status-entries.ts'
import { openSecured, type Secured } from './open-secured.ts'
import type { SecuredPorts } from './ports.ts'
import { type CredentialDemand, readTrusted, verifySecuredCredential } from './verify-secured-credential.ts'
import { signerOf, verifySigner } from './verify-signer.ts'

export interface SecuredPresentationDemand extends CredentialDemand {
  /** What the presentation must answer and be meant for; what is undefined is not looked at. */
  challenge?: string
  domain?: string
}

export interface VerifiedSecuredPresentation {
  /** The DID whose key signed the presentation. */
  holder: string
  presentation: AnyPresentation
  credentials: AnyCredential[]
}

/**
 * Decides about any presentation by the general rules of VCDM 2.0 §7.1: every credential in it, and the signature of its
 * holder by an `authentication` key. Whether a credential speaks of the holder is for the caller to see.
 *
 * @param value JSON with Data Integrity proofs, an EnvelopedVerifiablePresentation, or a compact `vp+jwt`
 * @throws DomainError with the code of the first thing that is wrong
 */
export async function verifySecuredPresentation(
  ports: SecuredPorts,
  value: unknown,
  demand: SecuredPresentationDemand,
): Promise<VerifiedSecuredPresentation> {
  const secured = openSecured(value, 'presentation')
  const presentation = readPresentationShape(secured.document)
  const holder = holderOf(presentation, canonicalDid(signerOf(secured)))
  const embedded = [presentation.verifiableCredential ?? []].flat()
  if (embedded.length > MAX_CREDENTIALS)
    throw new DomainError('presentation_malformed', `A presentation carries at most ${MAX_CREDENTIALS} credentials.`)
  await checkTerms(secured.document)
  const credentials: AnyCredential[] = []
  const selfAsserted: AnyCredential[] = []
  for (const credential of embedded)
    if (isUnsecured(credential)) selfAsserted.push(await readSelfAsserted(ports, credential, presentation))
    else credentials.push(await verifySecuredCredential(ports, credential, demand))
  checkKnown(ports, holder, credentials)
  const keys = await ports.keys(holder)
  const proofs = await verifySigner(secured, { keys, purpose: 'authentication', now: ports.now() })
  checkBindings(secured, proofs, demand)
  if (selfAsserted.length > 0) checkMayAssert(keys, secured, proofs)
  if (demand.status) for (const credential of selfAsserted) await checkStatusEntries(ports, credential, holder)
  return { holder, presentation, credentials: [...credentials, ...selfAsserted] }
}

function isUnsecured(credential: object): boolean {
  const { document, signed } = openSecured(credential, 'credential')
  return signed === undefined && !Object.hasOwn(document, 'proof')
}

/** What a holder says itself may be secured by the presentation alone, which then names the holder (VCDM 2.0 §4.13.4). */
async function readSelfAsserted(
  ports: SecuredPorts,
  document: object,
  { holder }: AnyPresentation,
): Promise<AnyCredential> {
  const { credential, issuer } = await readTrusted(ports, document)
  if (holder !== undefined && idOf(holder) === issuer) return credential
  throw new DomainError(
    'proof_malformed',
    `Nothing secures the credential of ${issuer}: it has no proof, and the presentation does not name ${issuer} as its holder.`,
  )
}

/** To say something takes more than to show it. */
function checkMayAssert(keys: DidKeys, { signed }: Secured, proofs: Proof[]): void {
  const methods = [...(signed ? [signed.kid] : []), ...proofs.map(({ verificationMethod }) => verificationMethod)]
  for (const id of methods)
    if (!keys.verificationMethods.get(id)?.purposes.has('assertionMethod'))
      throw new DomainError('key_not_authorized', `${quote(id)} may not be used for assertionMethod.`)
}

function holderOf({ holder }: AnyPresentation, signer: string): string {
  const named = holder === undefined ? signer : idOf(holder)
  if (named === signer) return signer
  throw new DomainError('holder_mismatch', `The presentation's holder is ${quote(named)}, but ${signer} signed it.`)
}

function idOf(holder: NonNullable<AnyPresentation['holder']>): string {
  return typeof holder === 'object' ? holder.id : holder
}

/** Nobody has us resolve a DID over the network but those whom a trusted issuer's signature names. */
function checkKnown(ports: SecuredPorts, holder: string, credentials: AnyCredential[]): void {
  if (holder.startsWith('did:key:') || ports.trusts(holder)) return
  const subjects = credentials.flatMap(({ credentialSubject }) => [credentialSubject].flat())
  if (!subjects.some(({ id }) => id === holder))
    throw new DomainError('holder_mismatch', `No credential in the presentation speaks of its holder ${holder}.`)
}

/** Each signature has to answer the challenge and name the domain. */
function checkBindings(
  { signed }: Secured,
  proofs: Proof[],
  { challenge, domain }: Pick<SecuredPresentationDemand, 'challenge' | 'domain'>,
): void {
  const bindings = proofs.map((proof) => ({ challenge: proof.challenge, domain: proof.domain }))
  if (signed) bindings.push({ challenge: signed.claims.nonce, domain: signed.claims.aud })
  for (const binding of bindings) {
    if (challenge !== undefined && binding.challenge !== challenge)
      throw new DomainError('challenge_mismatch', 'The presentation answers another challenge than the one given.')
    const [meantFor, ...others] = [binding.domain ?? []].flat()
    if (domain !== undefined && (meantFor !== domain || others.length > 0))
      throw new DomainError('domain_mismatch', `The presentation is not meant for ${domain} alone.`)
  }
}
