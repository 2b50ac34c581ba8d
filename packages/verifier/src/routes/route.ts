import { type Administrator, defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'

/** An `admin` is an administrator of the verifier, a `resourceServer` holds the token it was given. */
export const route = defineRoute<Context, { admin: Administrator; resourceServer: ResourceServer }>()
