import { z } from 'zod'
import { deletePresentation } from '../use-cases/delete-presentation.ts'
import { readPresentation } from '../use-cases/read-presentation.ts'
import { route } from './route.ts'

const params = z.strictObject({ id: z.string().min(1).max(4096) })
const kind = z.enum(['presentations', 'verifiablepresentations', 'all'])
const kept = z.record(z.string(), z.json())

export const listPresentationsRoute = route({
  summary: 'The presentations of the agent that have an id; all of them are secured.',
  method: 'get',
  path: '/presentations',
  access: 'agent',
  query: z.strictObject({ type: z.union([kind, z.array(kind)]).default('all') }),
  answers: { 200: z.array(kept) },
  async handle(ctx, { query: { type }, principal }) {
    const isAsked = [type].flat().some((one) => one !== 'presentations')
    const presentations = isAsked ? await ctx.store.listPresentations(principal.did) : []
    return { status: 200, body: presentations.map(({ secured }) => JSON.parse(secured)) }
  },
})

export const readPresentationRoute = route({
  summary: 'A presentation of the agent, as it was secured.',
  method: 'get',
  path: '/presentations/:id',
  access: 'agent',
  params,
  answers: { 200: kept },
  handle: async (ctx, { params: { id }, principal }) => ({
    status: 200,
    body: await readPresentation(ctx, principal.did, id),
  }),
})

export const deletePresentationRoute = route({
  summary: 'Forgets a presentation; who was shown it has it still.',
  method: 'delete',
  path: '/presentations/:id',
  access: 'agent',
  params,
  answers: { 202: null },
  async handle(ctx, { params: { id }, principal }) {
    await deletePresentation(ctx, { agent: principal.did, id })
    return { status: 202 }
  },
})
