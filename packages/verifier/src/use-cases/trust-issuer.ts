import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import type { TrustedIssuer } from '../records.ts'

type TrustContext = Pick<Context, 'store' | 'trust' | 'follower'>

/** Trusts an issuer for some roles, or changes for which; from now on its status is followed. True when it is new. */
export async function trustIssuer(
  { store, trust, follower, clock }: TrustContext & Pick<Context, 'clock'>,
  record: Omit<TrustedIssuer, 'createdAt'>,
): Promise<boolean> {
  follower.assertFollowable(record.did)
  const trusted = { ...record, createdAt: clock.now() }
  const isNew = await store.putTrust(trusted)
  trust.set(trusted)
  follower.follow(trusted)
  return isNew
}

/** Trusts an issuer no longer; its credentials are refused at once. Throws `trust_unknown`. */
export async function distrustIssuer({ store, trust, follower }: TrustContext, did: string): Promise<void> {
  if (!(await store.removeTrust(did))) throw unknownIssuer(did)
  trust.remove(did)
  await follower.unfollow(did)
}

export function unknownIssuer(did: string): DomainError {
  return new DomainError('trust_unknown', `${did} is not trusted here; see PUT /trust/issuers/:did.`)
}
