import type { ReadCredential } from '../credential/open-role-credential.ts'
import type { Sensitivity } from '../credential/sensitivity.ts'
import type { DidKeys } from '../did/verification-method.ts'
import type { StatusEvidence, StatusQuery } from '../status/check-status.ts'

/** What verification asks of the world. All but `holderKeys` answer from memory. */
export interface VerificationPorts {
  /** Seconds since 1970. */
  now(): number
  /** The verifier's own rule for (issuer, role); undefined when the issuer is not trusted for that role. */
  trust(issuer: string, role: string): { minSensitivity: Sensitivity } | undefined
  /**
   * The keys that stand in a trusted issuer's DID document now. Never touches the network: undefined until they are
   * known. A change of keys is a new object.
   */
  issuerKeys(issuer: string): DidKeys | undefined
  /** The keys of a holder whom a trusted issuer has named. May resolve over the network, with a deadline. */
  holderKeys(holder: string): DidKeys | Promise<DidKeys>
  /** Throws unless the credential's status is fresh and clear. */
  status(query: StatusQuery): StatusEvidence
  /** Credentials checked before, by the SHA-256 of their bytes; bounded. */
  remembered: RememberedCredentials
}

export interface RememberedCredentials {
  get(tokenHash: string): RememberedCredential | undefined
  set(tokenHash: string, value: RememberedCredential): void
}

/** A credential whose signature was right under exactly these keys. */
export interface RememberedCredential {
  read: ReadCredential
  issuerKeys: DidKeys
}

export interface ChallengePorts {
  /** Throws `challenge_unknown` or `challenge_expired` unless the challenge was given out for this domain. Changes nothing. */
  checkChallenge(challenge: string, domain: string): void
  /** Uses the challenge up, durably; throws `challenge_used` for everybody but the first caller, across instances. */
  consumeChallenge(challenge: string): Promise<void>
}
