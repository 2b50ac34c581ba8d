import { z } from 'zod'
import { createAgent } from '../use-cases/create-agent.ts'
import { route } from './route.ts'

export const createAgentRoute = route({
  summary:
    'Makes an agent with a DID of its own, a did:key or a did:ethr whose keys can change; its token is shown this once.',
  method: 'post',
  path: '/agents',
  access: 'admin',
  scope: 'issue',
  body: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}$/, 'letters, digits, space, dot, dash, underscore; 128 at most'),
    method: z.enum(['key', 'ethr']).default('key'),
  }),
  answers: {
    201: z.strictObject({ did: z.string(), name: z.string(), token: z.string().optional() }),
  },
  async handle(ctx, { body: { name, method }, principal }) {
    return { status: 201, body: await createAgent(ctx, { name, method, by: principal.actor }) }
  },
})
