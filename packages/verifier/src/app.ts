import {
  type Api,
  type Authenticate,
  administratorRoutes,
  authenticateAdministrator,
  type Checks,
  createApp,
  hashToken,
  type Logger,
  nameAdministrator,
  type Observer,
  type Route,
  type ServiceConfig,
  unauthenticated,
} from '@consulate/server'
import packageJson from '../package.json' with { type: 'json' }
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

const api: Api = {
  title: 'Consulate verifier',
  version: packageJson.version,
  callers: {
    admin: 'an administrator of the verifier',
    resourceServer: 'a resource server, with the token it was given',
  },
}

const nameCaller = { admin: nameAdministrator, resourceServer: ({ id }: ResourceServer) => id }

export function createVerifierApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc'>,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const admin = authenticateAdministrator(config, context)
  const resourceServer: Authenticate<unknown> = async (token) => {
    const known = await context.store.findResourceServerByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({
    context,
    api,
    routes,
    authenticate: { admin, resourceServer },
    nameCaller,
    logger,
    observer,
    checks,
  })
}
