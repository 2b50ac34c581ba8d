import { type Administrator, defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'

/** An `admin` holds the issuer's bootstrap token, a key it gave out, or a JWT of its OIDC issuer. */
export const route = defineRoute<Context, { admin: Administrator }>()
