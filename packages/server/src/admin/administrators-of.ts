import { timingSafeEqual } from 'node:crypto'
import type { ServiceConfig } from '../config.ts'
import { hashToken, unauthenticated } from '../http/bearer-token.ts'
import type { Authenticate, Caller } from '../http/route.ts'
import { type Administrator, BOOTSTRAP } from './administrator.ts'
import type { AdministratorContext } from './create-administrator.ts'
import { authenticateIdentity } from './oidc/authenticate-identity.ts'

const API_KEY = /^key_[A-Za-z0-9_-]{43}$/
const JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** A service's administrators, as its routes know them. */
export function administratorsOf(
  service: string,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc'>,
  context: AdministratorContext,
): Caller {
  return {
    description: `an administrator of the ${service}`,
    authenticate: authenticateAdministrator(config, context),
    name: ({ actor }: Administrator) => actor,
  }
}

/**
 * Tells who an administrator is by the shape of the token: the bootstrap token, an API key of this service, or a JWT of the
 * configured OIDC issuer. Whatever else it is costs one hash and is refused.
 */
function authenticateAdministrator(
  { adminToken, oidc }: Pick<ServiceConfig, 'adminToken' | 'oidc'>,
  context: AdministratorContext,
): Authenticate<Administrator> {
  const bootstrapHash = Buffer.from(hashToken(adminToken))
  const identity = oidc && authenticateIdentity(oidc, { clock: context.clock })
  return (token) => {
    const hash = hashToken(token)
    if (timingSafeEqual(Buffer.from(hash), bootstrapHash)) return BOOTSTRAP
    if (API_KEY.test(token)) return holderOf(hash, context)
    if (identity && JWT.test(token)) return identity(token)
    throw unauthenticated()
  }
}

async function holderOf(keyHash: string, { administrators, clock }: AdministratorContext): Promise<Administrator> {
  const known = await administrators.findByKeyHash(keyHash)
  if (!known || known.revokedAt !== null || known.expiresAt <= clock.now()) throw unauthenticated()
  return { actor: `key:${known.id}`, scopes: known.scopes }
}
