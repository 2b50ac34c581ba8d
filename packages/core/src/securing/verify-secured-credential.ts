import { canonicalDid } from '../did/canonical-did.ts'
import { DomainError } from '../errors.ts'
import { checkTerms } from '../json-ld/check-terms.ts'
import { type AnyCredential, issuerOf, readCredentialShape } from '../vcdm/credential-shape.ts'
import { checkPeriod } from './check-period.ts'
import { checkStatusEntries } from './check-status-entries.ts'
import { openSecured } from './open-secured.ts'
import type { SecuredPorts } from './ports.ts'
import { verifySigner } from './verify-signer.ts'

export interface CredentialDemand {
  /** False to verify what it says without asking whether it was taken back. */
  status: boolean
}

/**
 * Decides about any credential by the general rules of VCDM 2.0 §7.1, whatever it says of whom: shape, issuer trusted,
 * period, terms, signature by a key in the issuer's `assertionMethod`, status. No holder is proven.
 *
 * @param value JSON with Data Integrity proofs, an EnvelopedVerifiableCredential, or a compact `vc+jwt`
 * @throws DomainError with the code of the first thing that is wrong
 */
export async function verifySecuredCredential(
  ports: SecuredPorts,
  value: unknown,
  { status }: CredentialDemand,
): Promise<AnyCredential> {
  const secured = openSecured(value, 'credential')
  const { credential, issuer } = await readTrusted(ports, secured.document)
  const keys = await ports.keys(issuer)
  await verifySigner(secured, { keys, purpose: 'assertionMethod', now: ports.now() })
  if (status) await checkStatusEntries(ports, credential, issuer)
  return credential
}

/** A credential of a trusted issuer, if it is that: whatever can be decided without its keys. */
export async function readTrusted(
  ports: Pick<SecuredPorts, 'now' | 'trusts'>,
  document: object,
): Promise<{ credential: AnyCredential; issuer: string }> {
  const credential = readCredentialShape(document)
  const issuer = canonicalDid(issuerOf(credential))
  if (!ports.trusts(issuer)) throw new DomainError('issuer_not_trusted', `${issuer} is not trusted here.`)
  checkPeriod(credential, ports.now())
  await checkTerms(document)
  return { credential, issuer }
}
