import {
  type Authenticate,
  authenticateHolderOf,
  createApp,
  hashToken,
  type Logger,
  unauthenticated,
} from '@consulate/server'
import type { Context } from './context.ts'
import type { ResourceServer } from './records.ts'
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

const nameCaller = { admin: () => 'admin', resourceServer: ({ id }: ResourceServer) => id }

export function createVerifierApp(context: Context, adminToken: string, logger: Logger) {
  const admin = authenticateHolderOf(adminToken)
  const resourceServer: Authenticate<unknown> = async (token) => {
    const known = await context.store.findResourceServerByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, routes, authenticate: { admin, resourceServer }, nameCaller, logger })
}
