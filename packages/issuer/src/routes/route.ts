import { defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'

/** An `admin` holds the issuer's admin token. */
export const route = defineRoute<Context, { admin: true }>()
