import { unknownAgent } from '../use-cases/forget-agent.ts'
import { agentAnswer, describeAgent } from './agent-answer.ts'
import { describeRotation, rotationAnswer } from './rotation-answer.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const readAgentRoute = route({
  summary: 'One agent, and the latest rotation of its key.',
  method: 'get',
  path: '/agents/:did',
  access: 'admin',
  scope: 'read',
  params: agentParams,
  answers: { 200: agentAnswer.extend({ rotation: rotationAnswer.optional() }) },
  async handle({ store }, { params: { did } }) {
    const agent = await store.findAgent(did)
    if (!agent) throw unknownAgent(did)
    const rotation = await store.findRotation(did)
    return { status: 200, body: { ...describeAgent(agent), ...(rotation && { rotation: describeRotation(rotation) }) } }
  },
})
