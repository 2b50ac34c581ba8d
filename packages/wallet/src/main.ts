import { forgetOldKeys, type RunningService, repeat, startService } from '@consulate/server'
import { createWalletApp } from './app.ts'
import type { WalletConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { rotate } from './jobs/rotate.ts'

const WATCH_MS = 500

/** Starts a wallet and serves. */
export async function startWallet(config: WalletConfig, overrides: Partial<Context> = {}): Promise<RunningService> {
  return startService('wallet', config, async (start) => {
    const { logger, observer, resources } = start
    const { context, checks, watchRegistry } = await openContext(config, start, overrides)
    const reportFailure = (err: unknown) => logger.warn({ err }, 'the chain is not watched')
    const watching = repeat(watchRegistry, () => WATCH_MS, reportFailure)
    const rotating = rotate(context)
    const forgetting = forgetOldKeys(context, (err) => logger.error({ err }, 'idempotency keys were not forgotten'))
    resources.defer(async () => void (await Promise.all([watching.stop(), rotating.stop(), forgetting.stop()])))
    return createWalletApp(context, config, logger, observer, checks)
  })
}
