import { canonicalDid } from '../did/canonical-did.ts'
import { type Hex, hashStruct, keccakText, type RegistryDomain, typedDataDigest } from './typed-data.ts'

/** Whom a kill strikes: one agent of the issuer, or the issuer as a whole. */
export const KILL_SCOPE = { agent: 1, issuer: 2 } as const

/** The target of a kill of the whole issuer. */
export const ISSUER_KILL_TARGET: Hex = `0x${'00'.repeat(32)}`

const KILL_TYPE = 'Kill(address issuer,uint8 scope,bytes32 target,uint48 cutoff)'

/** A one-way cut-off. Hex in lower case. */
export interface Kill {
  issuer: Hex
  scope: (typeof KILL_SCOPE)[keyof typeof KILL_SCOPE]
  /** `killTarget` of the agent; `ISSUER_KILL_TARGET` for the issuer itself. */
  target: Hex
  /** Seconds since 1970: credentials whose `validFrom` is not later are dead. */
  cutoff: number
}

/** EIP-712 digest of the kill: what a `statusKill` delegate signs. */
export function killDigest({ issuer, scope, target, cutoff }: Kill, domain: RegistryDomain): Hex {
  return typedDataDigest(hashStruct(KILL_TYPE, [issuer, scope, target, cutoff]), domain)
}

/**
 * The target that names an agent: keccak-256 of its canonical DID in UTF-8.
 *
 * @throws DomainError as `canonicalDid` does
 */
export function killTarget(did: string): Hex {
  return keccakText(canonicalDid(did))
}
