import { authenticateHolderOf, createApp, type Logger } from '@consulate/server'
import type { Context } from './context.ts'
import { listAgentsRoute, readAgentRoute } from './routes/agents.ts'
import { readCredentialRoute, setCredentialStatusRoute } from './routes/credentials.ts'
import { issueRoleRoute } from './routes/issue-role.ts'
import { killAgentRoute } from './routes/kill-agent.ts'
import { revokeRoleRoute } from './routes/revoke-role.ts'
import { listRolesRoute, putRoleRoute } from './routes/roles.ts'
import { readHeadRoute, readStatusListRoute } from './routes/status.ts'

export const routes = [
  putRoleRoute,
  listRolesRoute,
  listAgentsRoute,
  readAgentRoute,
  issueRoleRoute,
  revokeRoleRoute,
  killAgentRoute,
  readCredentialRoute,
  setCredentialStatusRoute,
  readHeadRoute,
  readStatusListRoute,
]

export function createIssuerApp(context: Context, adminToken: string, logger: Logger) {
  const admin = authenticateHolderOf(adminToken)
  return createApp({ context, routes, authenticate: { admin }, nameCaller: { admin: () => 'admin' }, logger })
}
