import { createLogger, listen, type Running, repeat } from '@consulate/server'
import { createWalletApp } from './app.ts'
import type { WalletConfig } from './config.ts'
import { type Context, openContext } from './context.ts'

export interface RunningWallet extends Running {
  url: string
  port: number
}

const WATCH_MS = 500

/** Starts a wallet and serves. */
export async function startWallet(config: WalletConfig, overrides: Partial<Context> = {}): Promise<RunningWallet> {
  const logger = createLogger('wallet', config.logLevel)
  const server = await listen(config.host, config.port)
  try {
    const { context, watchRegistry, close } = await openContext(config, logger, overrides)
    const reportFailure = (err: unknown) => logger.warn({ err }, 'the chain is not watched')
    const watching = repeat(watchRegistry, () => WATCH_MS, reportFailure)
    server.serve(createWalletApp(context, config.adminToken, logger))
    logger.info({ url: server.url }, 'wallet is ready')
    return {
      url: server.url,
      port: server.port,
      async stop() {
        await server.close()
        await watching.stop()
        await close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
