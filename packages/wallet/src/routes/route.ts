import { defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'
import type { WalletAgent } from '../records.ts'

/** An `admin` holds the wallet's admin token, an `agent` the token it was given. */
export const route = defineRoute<Context, { admin: true; agent: WalletAgent }>()
