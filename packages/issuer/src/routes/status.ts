import { readHead } from '../use-cases/read-head.ts'
import { readStatusList } from '../use-cases/read-status-list.ts'
import { route } from './route.ts'
import { idParams } from './schemas.ts'

const VC_JWT = 'application/vc+jwt'

export const readHeadRoute = route({
  method: 'get',
  path: '/status/head',
  access: 'public',
  async handle(ctx) {
    const { entries, ...published } = await readHead(ctx)
    const shown = entries.map(({ digest, ...entry }) => ({ ...entry, sha256: digest }))
    return { status: 200, body: { ...published, entries: shown } }
  },
})

/** As an enveloped credential in JSON, or as the bare token for who asks for `application/vc+jwt`. */
export const readStatusListRoute = route({
  method: 'get',
  path: '/status-lists/:id',
  access: 'public',
  params: idParams,
  async handle(ctx, { params, headers }) {
    const token = await readStatusList(ctx, params.id)
    if (headers.accept?.includes(VC_JWT)) return { status: 200, body: token, contentType: VC_JWT }
    return {
      status: 200,
      body: {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: `data:${VC_JWT},${token}`,
        type: 'EnvelopedVerifiableCredential',
      },
    }
  },
})
