import { createLogger, listen, type Running } from '@consulate/server'
import { createIssuerApp } from './app.ts'
import type { IssuerConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { anchor } from './jobs/anchor.ts'
import { renewHeads } from './jobs/renew-head.ts'
import { ensureOpenLists } from './use-cases/open-lists.ts'
import { publishHeads } from './use-cases/publish-heads.ts'

export interface RunningIssuer extends Running {
  url: string
  port: number
  did: string
}

/** Starts an issuer: completes what an earlier run left undone, then serves. */
export async function startIssuer(config: IssuerConfig, overrides: Partial<Context> = {}): Promise<RunningIssuer> {
  const logger = createLogger('issuer', config.logLevel)
  const server = await listen(config.host, config.port)
  try {
    const { context, close } = await openContext(config, config.publicUrl ?? server.url, logger, overrides)
    await ensureOpenLists(context)
    await publishHeads(context)
    const jobs = [anchor(context), renewHeads(context)]
    server.serve(createIssuerApp(context, config.adminToken, logger))
    const { did } = context.identity
    logger.info({ url: server.url, did }, 'issuer is ready')
    return {
      url: server.url,
      port: server.port,
      did,
      async stop() {
        await server.close()
        await Promise.all(jobs.map((job) => job.stop()))
        await close()
      },
    }
  } catch (error) {
    await server.close()
    throw error
  }
}
