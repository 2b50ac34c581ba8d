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
import type { WalletAgent } from './records.ts'
import { createAgentRoute } from './routes/create-agent.ts'
import { createPresentationRoute } from './routes/create-presentation.ts'
import { deleteCredentialRoute, listCredentialsRoute, readCredentialRoute } from './routes/credentials.ts'
import { forgetAgentRoute } from './routes/forget-agent.ts'
import { listAgentsRoute } from './routes/list-agents.ts'
import { presentRoute } from './routes/present.ts'
import { deletePresentationRoute, listPresentationsRoute, readPresentationRoute } from './routes/presentations.ts'
import { readAgentRoute } from './routes/read-agent.ts'
import { rotateAgentRoute } from './routes/rotate-agent.ts'
import { storeCredentialRoute } from './routes/store-credential.ts'

export const routes: readonly Route<Context>[] = [
  createAgentRoute,
  listAgentsRoute,
  readAgentRoute,
  rotateAgentRoute,
  forgetAgentRoute,
  storeCredentialRoute,
  listCredentialsRoute,
  readCredentialRoute,
  deleteCredentialRoute,
  presentRoute,
  createPresentationRoute,
  listPresentationsRoute,
  readPresentationRoute,
  deletePresentationRoute,
  ...administratorRoutes,
]

const api: Api = { title: 'Consulate wallet', version: packageJson.version }

export function createWalletApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc' | 'rateLimits' | 'trustedProxies'>,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const callers = {
    admin: administratorsOf('wallet', config, context),
    agent: {
      description: 'an agent, with the token it was given',
      authenticate: bearerOf((tokenHash) => context.store.findAgentByToken(tokenHash)),
      name: ({ did }: WalletAgent) => did,
    },
  }
  return createApp({ context, api, routes, callers, logger, observer, checks, config })
}
