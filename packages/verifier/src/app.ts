import {
  type Api,
  administratorRoutes,
  administratorsOf,
  bearerOf,
  type Checks,
  createApp,
  type Logger,
  type Observer,
  type Route,
  type ServiceConfig,
} from '@consulate/server'
import packageJson from '../package.json' with { type: 'json' }
import type { Context } from './context.ts'
import type { ResourceServer } from './records.ts'
import { createChallengeRoute } from './routes/create-challenge.ts'
import { verifyAnyCredentialRoute, verifyAnyPresentationRoute } from './routes/instances.ts'
import { resolveDidRoute } from './routes/resolve-did.ts'
import {
  createResourceServerRoute,
  deleteResourceServerRoute,
  listResourceServersRoute,
} from './routes/resource-servers.ts'
import {
  clearTrustRoute,
  deleteTrustRoute,
  listTrustRoute,
  putTrustRoute,
  readEvidenceRoute,
  readTrustRoute,
} from './routes/trust.ts'
import { verifyCredentialRoute } from './routes/verify-credential.ts'
import { verifyPresentationRoute } from './routes/verify-presentation.ts'

export const routes: readonly Route<Context>[] = [
  createChallengeRoute,
  verifyPresentationRoute,
  verifyCredentialRoute,
  resolveDidRoute,
  verifyAnyPresentationRoute,
  verifyAnyCredentialRoute,
  listTrustRoute,
  readTrustRoute,
  readEvidenceRoute,
  putTrustRoute,
  clearTrustRoute,
  deleteTrustRoute,
  listResourceServersRoute,
  createResourceServerRoute,
  deleteResourceServerRoute,
  ...administratorRoutes,
]

const api: Api = { title: 'Consulate verifier', version: packageJson.version }

export function createVerifierApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc' | 'rateLimits' | 'trustedProxies'>,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const callers = {
    admin: administratorsOf('verifier', config, context),
    resourceServer: {
      description: 'a resource server, with the token it was given',
      authenticate: bearerOf((tokenHash) => context.store.findResourceServerByToken(tokenHash)),
      name: ({ id }: ResourceServer) => id,
    },
  }
  return createApp({ context, api, routes, callers, logger, observer, checks, config })
}
