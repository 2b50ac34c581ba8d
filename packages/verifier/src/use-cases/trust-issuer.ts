import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import type { TrustedIssuer } from '../records.ts'
import { reloadTrust, type TrustContext } from './reload-trust.ts'

/**
 * Trusts an issuer for some roles, or changes for which; from now on its status is followed. A `statusToken` that is not named
 * stays as long as the origin does; null removes it. True when the issuer is new.
 */
export async function trustIssuer(
  ctx: TrustContext & Pick<Context, 'clock' | 'statusTokens'>,
  {
    statusToken,
    ...record
  }: Omit<TrustedIssuer, 'createdAt' | 'statusToken'> & { statusToken?: string | null | undefined },
): Promise<boolean> {
  ctx.follower.assertFollowable(record.did)
  const sealed = statusToken && { statusToken: ctx.statusTokens.seal(record, statusToken) }
  const token = statusToken === null ? { statusToken } : sealed
  const { value: isNew } = await ctx.store.once(() =>
    ctx.store.putTrust({ ...record, ...token, createdAt: ctx.clock.now() }),
  )
  await reloadTrust(ctx)
  return isNew
}

/** Trusts an issuer no longer; its credentials are refused at once. Throws `trust_unknown`. */
export async function distrustIssuer(
  ctx: TrustContext & Pick<Context, 'clock'>,
  { did, by }: { did: string; by: string },
): Promise<void> {
  await ctx.store.once(async () => {
    if (!(await ctx.store.removeTrust(did, { by, at: ctx.clock.now() }))) throw unknownIssuer(did)
  })
  await reloadTrust(ctx)
}

export function unknownIssuer(did: string): DomainError {
  return new DomainError('trust_unknown', `${did} is not trusted here; see PUT /trust/issuers/:did.`)
}
