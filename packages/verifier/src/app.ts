import {
  type Authenticate,
  authenticateHolderOf,
  type Checks,
  createApp,
  hashToken,
  type Logger,
  type Observer,
  unauthenticated,
} from '@consulate/server'
import type { Context } from './context.ts'
import { createChallengeRoute } from './routes/create-challenge.ts'
import {
  createResourceServerRoute,
  deleteResourceServerRoute,
  listResourceServersRoute,
} from './routes/resource-servers.ts'
import { deleteTrustRoute, putTrustRoute, readTrustRoute } from './routes/trust.ts'
import { verifyCredentialRoute } from './routes/verify-credential.ts'
import { verifyPresentationRoute } from './routes/verify-presentation.ts'

export const routes = [
  createChallengeRoute,
  verifyPresentationRoute,
  verifyCredentialRoute,
  readTrustRoute,
  putTrustRoute,
  deleteTrustRoute,
  listResourceServersRoute,
  createResourceServerRoute,
  deleteResourceServerRoute,
]

export function createVerifierApp(
  context: Context,
  adminToken: string,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const admin = authenticateHolderOf(adminToken)
  const resourceServer: Authenticate<unknown> = async (token) => {
    const known = await context.store.findResourceServerByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, routes, authenticate: { admin, resourceServer }, logger, observer, checks })
}
