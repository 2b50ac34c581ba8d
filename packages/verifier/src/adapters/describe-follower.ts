import type { IssuerFollower } from '@consulate/sdk'
import type { StatusDescription } from '../ports.ts'

/** What administrators are told of an issuer's status; undefined while nothing is known. */
export function describeFollower(follower: IssuerFollower | undefined): StatusDescription | undefined {
  const status = follower?.status()
  if (!follower || !status) return undefined
  const { head, anchored, chainAgeMs } = status
  return {
    headVersion: head.version,
    ageMs: Math.round(status.ageMs),
    anchored,
    anchorLagMs: Math.round(status.anchorLagMs),
    chainAgeMs: Number.isFinite(chainAgeMs) ? Math.round(chainAgeMs) : null,
    pushed: follower.isPushed(),
  }
}
