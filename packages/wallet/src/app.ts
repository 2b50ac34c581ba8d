import {
  type Authenticate,
  authenticateHolderOf,
  createApp,
  hashToken,
  type Logger,
  unauthenticated,
} from '@consulate/server'
import type { Context } from './context.ts'
import type { WalletAgent } from './records.ts'
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

const nameCaller = { admin: () => 'admin', agent: ({ did }: WalletAgent) => did }

export function createWalletApp(context: Context, adminToken: string, logger: Logger) {
  const admin = authenticateHolderOf(adminToken)
  const agent: Authenticate<unknown> = async (token) => {
    const known = await context.store.findAgentByToken(hashToken(token))
    if (!known) throw unauthenticated()
    return known
  }
  return createApp({ context, routes, authenticate: { admin, agent }, nameCaller, logger })
}
