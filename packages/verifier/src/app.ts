import {
  type Api,
  type Authenticate,
  authenticateHolderOf,
  createApp,
  hashToken,
  type Logger,
  unauthenticated,
} from '@consulate/server'
import packageJson from '../package.json' with { type: 'json' }
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

export const api: Api = {
  title: 'Consulate verifier',
  version: packageJson.version,
  callers: {
    admin: 'an administrator of the verifier',
    resourceServer: 'a resource server, with the token it was given',
  },
}

export function createVerifierApp(context: Context, adminToken: string, logger: Logger) {
  const admin = authenticateHolderOf(adminToken)
  const resourceServer: Authenticate<unknown> = async (token) => {
    const known = await context.store.findResourceServerByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, api, routes, authenticate: { admin, resourceServer }, logger })
}
