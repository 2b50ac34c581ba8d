import {
  type Api,
  administratorRoutes,
  administratorsOf,
  type Checks,
  createApp,
  type Logger,
  type Observer,
  type Route,
  type ServiceConfig,
} from '@consulate/server'
import packageJson from '../package.json' with { type: 'json' }
import type { Context } from './context.ts'
import { listAgentsRoute, readAgentRoute } from './routes/agents.ts'
import { issueCredentialRoute, readCredentialRoute, setCredentialStatusRoute } from './routes/credentials.ts'
import {
  issueAnyCredentialRoute,
  readInstanceDidRoute,
  readInstanceListRoute,
  readInstanceRoute,
  readIssuedRoute,
  setIssuedStatusRoute,
} from './routes/instances.ts'
import { issueRoleRoute } from './routes/issue-role.ts'
import { killAgentRoute } from './routes/kill-agent.ts'
import { recoverRoute } from './routes/recover.ts'
import { revokeRoleRoute } from './routes/revoke-role.ts'
import { revokeRoleOfAllRoute } from './routes/revoke-role-of-all.ts'
import { listRolesRoute, putRoleRoute } from './routes/roles.ts'
import { followStatusRoute, readHeadRoute, readHeadsRoute, readStatusListRoute } from './routes/status.ts'

export const routes: readonly Route<Context>[] = [
  putRoleRoute,
  listRolesRoute,
  revokeRoleOfAllRoute,
  listAgentsRoute,
  readAgentRoute,
  issueRoleRoute,
  revokeRoleRoute,
  killAgentRoute,
  issueCredentialRoute,
  readCredentialRoute,
  setCredentialStatusRoute,
  readHeadRoute,
  readHeadsRoute,
  followStatusRoute,
  recoverRoute,
  readStatusListRoute,
  readInstanceRoute,
  readInstanceDidRoute,
  issueAnyCredentialRoute,
  readIssuedRoute,
  setIssuedStatusRoute,
  readInstanceListRoute,
  ...administratorRoutes,
]

const api: Api = { title: 'Consulate issuer', version: packageJson.version }

export function createIssuerApp(
  context: Context,
  config: Pick<ServiceConfig, 'adminToken' | 'oidc' | 'rateLimits' | 'trustedProxies'>,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const callers = { admin: administratorsOf('issuer', config, context) }
  return createApp({ context, api, routes, callers, logger, observer, checks, config })
}
