import type { Sensitivity } from '../credential/sensitivity.ts'
import { DomainError } from '../errors.ts'
import type { Head } from '../head/head.ts'
import { killTarget } from '../head/kill.ts'
import { getBit } from '../status-list/bitstring.ts'
import { checkHeadExpiry } from './check-head-expiry.ts'
import { FRESHNESS, type Freshness } from './freshness.ts'

/** What a verifier knows of one issuer's status lists, all of it from signed evidence. */
export interface IssuerStatus {
  head: Head
  /** By list URL. */
  lists: ReadonlyMap<string, { purpose: string; bits: Uint8Array }>
  /** Revocations that a signed delta told and that are in no list of `lists` yet, by list URL. */
  revoked: ReadonlyMap<string, ReadonlySet<number>>
  /** Cut-offs in seconds since 1970, agents by kill target: credentials with `validFrom` at or before them are dead. */
  killedBefore: { issuer: number; agents: ReadonlyMap<string, number> }
  /** Why nothing of this issuer may be believed, when there is such a reason. */
  distrust: DomainError | undefined
  /** Milliseconds since this was last known to be the newest. */
  ageMs: number
  /** Whether this head, or a later one, stands on the chain. */
  anchored: boolean
  /** Age of the oldest head that the chain does not have yet, in milliseconds; 0 when it has all. */
  anchorLagMs: number
  /** Milliseconds since the chain was last read; infinite before the first time. */
  chainAgeMs: number
}

export interface StatusQuery {
  issuer: string
  subject: string
  sensitivity: Sensitivity
  /** Seconds since 1970. */
  validFrom: number
  revocation: { list: string; index: number }
  suspension: { list: string; index: number }
}

export interface StatusEvidence {
  headVersion: number
  ageMs: number
  anchored: boolean
  anchorLagMs: number
  chainAgeMs: number
}

/**
 * The status rule: revoked if any signed evidence says so, valid only if everything else holds.
 * `now` in seconds. Throws `credential_revoked`, `agent_killed`, `issuer_killed`, `credential_suspended`,
 * `issuer_equivocated`, `status_rollback`, `head_expired`, `status_stale`, `anchor_late`, `chain_stale`,
 * `status_list_unknown`, `status_list_mismatch` or `status_index_out_of_range`.
 */
export function checkStatus(
  status: IssuerStatus,
  query: StatusQuery,
  now: number,
  freshness: Freshness = FRESHNESS,
): StatusEvidence {
  checkKills(status, query)
  const { list, index } = query.revocation
  if (status.revoked.get(list)?.has(index) || isSet(status, query.revocation, 'revocation'))
    throw new DomainError('credential_revoked', 'The credential was revoked by its issuer.')
  const suspended = isSet(status, query.suspension, 'suspension')
  if (suspended) throw new DomainError('credential_suspended', 'The credential is suspended by its issuer.')
  if (status.distrust) throw status.distrust
  checkFreshness(status, query, now, freshness)
  const { head, anchored, ageMs, anchorLagMs, chainAgeMs } = status
  return {
    headVersion: head.version,
    ageMs: Math.round(ageMs),
    anchored,
    anchorLagMs: Math.round(anchorLagMs),
    chainAgeMs: Math.round(chainAgeMs),
  }
}

function checkKills({ killedBefore }: IssuerStatus, { issuer, subject, validFrom }: StatusQuery): void {
  if (validFrom <= killedBefore.issuer)
    throw new DomainError('issuer_killed', `Everything that ${issuer} issued until then was cut off on chain.`)
  const { agents } = killedBefore
  if (agents.size > 0 && validFrom <= (agents.get(killTarget(subject)) ?? -1))
    throw new DomainError('agent_killed', `${subject} was cut off on chain; its issuer must issue anew.`)
}

function isSet({ lists }: IssuerStatus, { list, index }: StatusQuery['revocation'], purpose: string): boolean {
  const known = lists.get(list)
  if (!known)
    throw new DomainError('status_list_unknown', `The issuer's signed head does not name the list ${list} yet.`)
  if (known.purpose !== purpose)
    throw new DomainError('status_list_mismatch', `${list} is a list for ${known.purpose}, not for ${purpose}.`)
  if (index >= known.bits.length * 8)
    throw new DomainError('status_index_out_of_range', `${list} has no index ${index}.`)
  return getBit(known.bits, index)
}

function checkFreshness(status: IssuerStatus, { sensitivity }: StatusQuery, now: number, freshness: Freshness): void {
  checkHeadExpiry(status.head, now)
  const { ageMs, anchorLagMs, chainAgeMs } = status
  const budget = freshness.budgetMs[sensitivity]
  if (ageMs > budget)
    throw new DomainError(
      'status_stale',
      `The newest status is ${Math.round(ageMs)} ms old; a ${sensitivity} role allows ${budget} ms. Try again when the issuer can be reached.`,
    )
  if (sensitivity !== 'high') return
  if (anchorLagMs > freshness.highAnchorLagMs)
    throw new DomainError(
      'anchor_late',
      `A status head has waited ${Math.round(anchorLagMs)} ms for the chain; a high role allows ${freshness.highAnchorLagMs} ms. The issuer has to anchor it.`,
    )
  if (chainAgeMs > freshness.highChainAgeMs)
    throw new DomainError(
      'chain_stale',
      `The chain was read ${Math.round(chainAgeMs)} ms ago; a high role allows ${freshness.highChainAgeMs} ms. Try again when it can be reached.`,
    )
}
