import { hash } from 'node:crypto'
import { type OpenedCredential, openRoleCredential, type ReadCredential } from '../credential/open-role-credential.ts'
import { type Sensitivity, stricter } from '../credential/sensitivity.ts'
import { checkCredentialPeriod, verifyCredentialSignature } from '../credential/verify-role-credential.ts'
import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import type { StatusEvidence } from '../status/check-status.ts'
import type { VerificationPorts } from './ports.ts'
import { describeRoles, type VerifiedRoles } from './verified-roles.ts'

/** A credential whose issuer, signature and period are right; its status is still to be asked. */
export interface CheckedCredential {
  read: ReadCredential
  sensitivity: Sensitivity
}

type CredentialPorts = Pick<VerificationPorts, 'now' | 'trust' | 'issuerKeys' | 'remembered'>

/**
 * Checks one credential under the strict profile, status excepted: shape, issuer trusted for this role, signature by a
 * key in the issuer's `assertionMethod`, period. Throws a DomainError with the code of the first thing that is wrong.
 */
export function checkCredential(ports: CredentialPorts, token: string): CheckedCredential {
  const tokenHash = hash('sha256', token, 'base64')
  const remembered = recall(ports, tokenHash)
  if (remembered) return checkNow(ports, remembered, trustIn(ports, remembered))
  const opened = openRoleCredential(token)
  const trusted = trustIn(ports, opened)
  const issuerKeys = knownKeys(ports, opened)
  verifyCredentialSignature(opened, issuerKeys)
  const read = withoutSignature(opened)
  ports.remembered.set(tokenHash, { read, issuerKeys })
  return checkNow(ports, read, trusted)
}

/** Asks for the status of a checked credential; throws unless it is fresh and clear. */
export function checkStatusOf(
  ports: Pick<VerificationPorts, 'status'>,
  { read, sensitivity }: CheckedCredential,
): StatusEvidence {
  const { issuer, credentialSubject } = read.credential
  const { validFrom, status } = read
  return ports.status({ issuer, subject: credentialSubject.id, sensitivity, validFrom, ...status })
}

/** Decides about a credential alone, without proof that whoever shows it is its subject: VCALM's credential check. */
export function verifyCredential(ports: VerificationPorts, token: string): VerifiedRoles {
  const checked = checkCredential(ports, token)
  return describeRoles([checked.read], [checkStatusOf(ports, checked)])
}

/** What was read of these bytes before, when the issuer's keys are still the ones that it was checked with. */
function recall({ remembered, issuerKeys }: CredentialPorts, tokenHash: string): ReadCredential | undefined {
  const known = remembered.get(tokenHash)
  return known && known.issuerKeys === issuerKeys(known.read.credential.issuer) ? known.read : undefined
}

function trustIn(ports: CredentialPorts, { credential }: ReadCredential): { minSensitivity: Sensitivity } {
  const { issuer, credentialSubject } = credential
  const trusted = ports.trust(issuer, credentialSubject.role)
  if (!trusted)
    throw new DomainError('issuer_not_trusted', `${issuer} is not trusted here for the role ${credentialSubject.role}.`)
  return trusted
}

function knownKeys(ports: CredentialPorts, { credential: { issuer } }: ReadCredential): DidKeys {
  const keys = ports.issuerKeys(issuer)
  if (!keys)
    throw new DomainError('issuer_keys_unknown', `The keys of ${issuer} are not known yet; try again in a moment.`)
  return keys
}

/** What was signed is larger than what it says. */
function withoutSignature({ credential, validFrom, validUntil, status }: OpenedCredential): ReadCredential {
  return { credential, validFrom, validUntil, status }
}

function checkNow(
  ports: CredentialPorts,
  read: ReadCredential,
  { minSensitivity }: { minSensitivity: Sensitivity },
): CheckedCredential {
  checkCredentialPeriod(read, ports.now())
  return { read, sensitivity: stricter(read.credential.credentialSubject.sensitivity, minSensitivity) }
}
