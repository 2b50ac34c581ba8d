import { createLogger, listen, type Running } from '@consulate/server'
import { createVerifierApp } from './app.ts'
import type { VerifierConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { forgetChallenges } from './jobs/forget-challenges.ts'

export interface RunningVerifier extends Running {
  url: string
  port: number
}

/** Starts a verifier: it follows the issuers it trusts, and serves. */
export async function startVerifier(
  config: VerifierConfig,
  overrides: Partial<Context> = {},
): Promise<RunningVerifier> {
  const logger = createLogger('verifier', config.logLevel)
  const server = await listen(config.host, config.port)
  try {
    const { context, close } = await openContext(config, logger, overrides)
    const forgetting = forgetChallenges(context, (err) => logger.error({ err }, 'used challenges were not forgotten'))
    server.serve(createVerifierApp(context, config.adminToken, logger))
    logger.info({ url: server.url }, 'verifier is ready')
    return {
      url: server.url,
      port: server.port,
      async stop() {
        await server.close()
        await forgetting.stop()
        await close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
