import { buildPresentation, DomainError, MAX_CREDENTIALS, openRoleCredential } from '@consulate/core'
import type { Context } from '../context.ts'
import type { StoredCredential } from '../records.ts'

export interface PresentationWish {
  agent: string
  domain: string
  challenge: string
  roles?: string[] | undefined
  htm?: string | undefined
  htu?: string | undefined
}

/**
 * Signs a presentation of an agent's roles for one domain and challenge; a compact `vp+jwt` that lives for two minutes.
 * Throws `role_not_held` when a role that is asked for, or every role, is missing or expired.
 */
export async function present(ctx: Pick<Context, 'store' | 'keys' | 'clock'>, wish: PresentationWish): Promise<string> {
  const now = ctx.clock.now()
  const held = (await ctx.store.listCredentials(wish.agent)).filter(({ validUntil }) => validUntil > now)
  const chosen = choose(held, wish.roles)
  const { agent: holder, domain, challenge, htm, htu } = wish
  const presentation = buildPresentation({
    holder,
    credentials: chosen.map(({ token }) => token),
    domain,
    challenge,
    ...(htm !== undefined && { htm }),
    ...(htu !== undefined && { htu }),
    now,
  })
  return ctx.keys.signPresentation(presentation)
}

/** The newest credential for each (issuer, role), of the roles asked for or of all: it may replace one that was revoked. */
function choose(held: readonly StoredCredential[], roles: readonly string[] | undefined): StoredCredential[] {
  const missing = roles?.find((role) => !held.some((credential) => credential.role === role))
  if (missing !== undefined) throw notHeld(`the role ${missing}`)
  const newest = new Map<string, StoredCredential>()
  for (const credential of held) {
    if (roles && !roles.includes(credential.role)) continue
    const key = `${credential.issuer} ${credential.role}`
    const known = newest.get(key)
    if (!known || !isNewer(known, credential)) newest.set(key, credential)
  }
  if (newest.size === 0) throw notHeld('any role')
  if (newest.size > MAX_CREDENTIALS)
    throw new DomainError(
      'invalid_request',
      `A presentation carries at most ${MAX_CREDENTIALS} roles; name them in roles.`,
    )
  return [...newest.values()]
}

function isNewer(one: StoredCredential, other: StoredCredential): boolean {
  const [from, otherFrom] = [one, other].map(({ token }) => openRoleCredential(token).validFrom)
  return from === otherFrom ? one.storedAt > other.storedAt : from! > otherFrom!
}

function notHeld(what: string): DomainError {
  return new DomainError(
    'role_not_held',
    `The agent holds no valid credential for ${what}; have one issued and store it.`,
  )
}
