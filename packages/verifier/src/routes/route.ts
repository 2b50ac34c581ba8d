import { defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'

/** An `admin` holds the verifier's admin token, a `resourceServer` the token it was given. */
export const route = defineRoute<Context, { admin: true; resourceServer: ResourceServer }>()
