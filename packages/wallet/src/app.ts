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
import type { WalletAgent } from './records.ts'
import { createAgentRoute } from './routes/create-agent.ts'
import { deleteCredentialRoute, listCredentialsRoute, readCredentialRoute } from './routes/credentials.ts'
import { forgetAgentRoute } from './routes/forget-agent.ts'
import { listAgentsRoute } from './routes/list-agents.ts'
import { presentRoute } from './routes/present.ts'
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
  ...administratorRoutes,
]

const api: Api = {
  title: 'Consulate wallet',
  version: packageJson.version,
  callers: { admin: 'an administrator of the wallet', agent: 'an agent, with the token it was given' },
}

const nameCaller = { admin: nameAdministrator, agent: ({ did }: WalletAgent) => did }

export function createWalletApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc'>,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const admin = authenticateAdministrator(config, context)
  const agent: Authenticate<unknown> = async (token) => {
    const known = await context.store.findAgentByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, api, routes, authenticate: { admin, agent }, nameCaller, logger, observer, checks })
}
