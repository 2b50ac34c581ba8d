import { z } from 'zod'
import { rotateAgent } from '../use-cases/rotate-agent.ts'
import { describeRotation, rotationAnswer } from './rotation-answer.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

const NOBODY = `0x${'0'.repeat(40)}`

const ownerSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an address: 0x and 40 hex digits')
  .transform((address) => address.toLowerCase() as `0x${string}`)
  .refine((address) => address !== NOBODY, 'the zero address would end the DID for good; forget the agent instead')

export const rotateAgentRoute = route({
  summary:
    'Gives a did:ethr agent a new key, or hands its DID over to an address; ask for the agent to see how far that is.',
  method: 'post',
  path: '/agents/:did/rotate',
  access: 'admin',
  scope: 'issue',
  params: agentParams,
  body: z.strictObject({ owner: ownerSchema.optional() }),
  answers: { 202: rotationAnswer },
  async handle(ctx, { params: { did }, body: { owner }, principal }) {
    return { status: 202, body: describeRotation(await rotateAgent(ctx, { did, owner, by: principal.actor })) }
  },
})
