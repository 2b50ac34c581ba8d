import { DomainError } from '@consulate/core'
import { pageAnswer, pageOf, pageQuery } from '@consulate/server'
import { z } from 'zod'
import { reportOn } from '../use-cases/read-credential.ts'
import { agentAnswer, credentialAnswer } from './answers.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const listAgentsRoute = route({
  summary: 'Every agent that was ever granted a role.',
  method: 'get',
  path: '/agents',
  access: 'admin',
  scope: 'read',
  query: pageQuery,
  answers: { 200: pageAnswer(agentAnswer) },
  async handle({ store }, { query: { after, limit } }) {
    const agents = await store.listAgents({ after, limit: limit + 1 })
    return { status: 200, body: pageOf(agents, limit, ({ did }) => did) }
  },
})

export const readAgentRoute = route({
  summary: 'An agent and a page of its credentials, the oldest first.',
  method: 'get',
  path: '/agents/:did',
  access: 'admin',
  scope: 'read',
  params: agentParams,
  query: pageQuery,
  answers: {
    200: agentAnswer.extend({
      killedBy: z.string().optional(),
      credentials: z.array(credentialAnswer),
      next: z.string().optional(),
    }),
  },
  async handle({ store }, { params: { did }, query: { after, limit } }) {
    const agent = await store.findAgent(did)
    if (!agent) throw new DomainError('agent_unknown', `No role was ever granted to ${did} here.`)
    const found = await store.credentialsOf(did, { after, limit: limit + 1 })
    const { items, next } = pageOf(found, limit, ({ id }) => id)
    const killedBy = (await store.findKill(did))?.createdBy
    return {
      status: 200,
      body: {
        ...agent,
        ...(killedBy && { killedBy }),
        credentials: await Promise.all(items.map((credential) => reportOn(store, credential))),
        ...(next !== undefined && { next }),
      },
    }
  },
})
