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
import { createAgentRoute } from './routes/create-agent.ts'
import { deleteCredentialRoute, listCredentialsRoute, readCredentialRoute } from './routes/credentials.ts'
import { forgetAgentRoute } from './routes/forget-agent.ts'
import { listAgentsRoute } from './routes/list-agents.ts'
import { presentRoute } from './routes/present.ts'
import { storeCredentialRoute } from './routes/store-credential.ts'

export const routes = [
  createAgentRoute,
  listAgentsRoute,
  forgetAgentRoute,
  storeCredentialRoute,
  listCredentialsRoute,
  readCredentialRoute,
  deleteCredentialRoute,
  presentRoute,
]

export function createWalletApp(
  context: Context,
  adminToken: string,
  logger: Logger,
  observer: Observer,
  checks: Checks,
) {
  const admin = authenticateHolderOf(adminToken)
  const agent: Authenticate<unknown> = async (token) => {
    const known = await context.store.findAgentByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, routes, authenticate: { admin, agent }, logger, observer, checks })
}
