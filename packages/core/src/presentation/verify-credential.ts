import { hash } from 'node:crypto'
import { type OpenedCredential, openRoleCredential } from '../credential/open-role-credential.ts'
import type { Sensitivity } from '../credential/sensitivity.ts'
import { stricter } from '../credential/sensitivity.ts'
import { checkCredentialPeriod, verifyCredentialSignature } from '../credential/verify-role-credential.ts'
import type { DidKeys } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import type { StatusEvidence } from '../status/check-status.ts'
import type { VerificationPorts } from './ports.ts'
import { describeRoles, type VerifiedRoles } from './verified-roles.ts'

/** A credential whose issuer, signature and period are right; its status is still to be asked. */
export interface CheckedCredential {
  opened: OpenedCredential
  sensitivity: Sensitivity
}

/**
 * Checks one credential under the strict profile, status excepted: shape, issuer trusted for this role, signature by a
 * key in the issuer's `assertionMethod`, period. Throws a DomainError with the code of the first thing that is wrong.
 */
export function checkCredential(
  ports: Pick<VerificationPorts, 'now' | 'trust' | 'issuerKeys' | 'remembered'>,
  token: string,
): CheckedCredential {
  const tokenHash = hash('sha256', token, 'base64')
  const remembered = ports.remembered.get(tokenHash)
  const opened = remembered?.opened ?? openRoleCredential(token)
  const { issuer, credentialSubject } = opened.credential
  const trusted = ports.trust(issuer, credentialSubject.role)
  if (!trusted)
    throw new DomainError('issuer_not_trusted', `${issuer} is not trusted here for the role ${credentialSubject.role}.`)
  const issuerKeys = knownKeys(ports, issuer)
  if (remembered?.issuerKeys !== issuerKeys) {
    verifyCredentialSignature(opened, issuerKeys)
    ports.remembered.set(tokenHash, { opened, issuerKeys })
  }
  checkCredentialPeriod(opened, ports.now())
  return { opened, sensitivity: stricter(credentialSubject.sensitivity, trusted.minSensitivity) }
}

/** Asks for the status of a checked credential; throws unless it is fresh and clear. */
export function checkStatusOf(
  ports: Pick<VerificationPorts, 'status'>,
  { opened, sensitivity }: CheckedCredential,
): StatusEvidence {
  const { issuer, credentialSubject } = opened.credential
  const { validFrom, status } = opened
  return ports.status({ issuer, subject: credentialSubject.id, sensitivity, validFrom, ...status })
}

/** Decides about a credential alone, without proof that whoever shows it is its subject: VCALM's credential check. */
export function verifyCredential(ports: VerificationPorts, token: string): VerifiedRoles {
  const checked = checkCredential(ports, token)
  return describeRoles([checked.opened], [checkStatusOf(ports, checked)])
}

function knownKeys(ports: Pick<VerificationPorts, 'issuerKeys'>, issuer: string): DidKeys {
  const keys = ports.issuerKeys(issuer)
  if (!keys)
    throw new DomainError('issuer_keys_unknown', `The keys of ${issuer} are not known yet; try again in a moment.`)
  return keys
}
