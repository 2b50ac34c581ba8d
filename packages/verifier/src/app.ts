import {
  type Authenticate,
  administratorRoutes,
  authenticateAdministrator,
  createApp,
  hashToken,
  type Logger,
  type Route,
  type ServiceConfig,
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

export const routes: readonly Route<Context>[] = [
  createChallengeRoute,
  verifyPresentationRoute,
  verifyCredentialRoute,
  readTrustRoute,
  putTrustRoute,
  deleteTrustRoute,
  listResourceServersRoute,
  createResourceServerRoute,
  deleteResourceServerRoute,
  ...administratorRoutes,
]

export function createVerifierApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc'>,
  logger: Logger,
) {
  const admin = authenticateAdministrator(config, context)
  const resourceServer: Authenticate<unknown> = async (token) => {
    const known = await context.store.findResourceServerByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, routes, authenticate: { admin, resourceServer }, logger })
}
