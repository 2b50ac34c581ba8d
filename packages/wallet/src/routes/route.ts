import { type Administrator, defineRoute } from '@consulate/server'
import type { Context } from '../context.ts'
import type { WalletAgent } from '../records.ts'

/** An `admin` is an administrator of the wallet, an `agent` holds the token it was given. */
export const route = defineRoute<Context, { admin: Administrator; agent: WalletAgent }>()
