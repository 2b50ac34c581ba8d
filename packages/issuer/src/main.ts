import { forgetOldKeys, type RunningService, startService } from '@consulate/server'
import { createIssuerApp } from './app.ts'
import type { IssuerConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { anchor } from './jobs/anchor.ts'
import { compareOften } from './jobs/compare-with-chain.ts'
import { pushHeartbeats } from './jobs/push-status.ts'
import { renewHeads } from './jobs/renew-head.ts'
import { compareWithChain } from './use-cases/compare-with-chain.ts'
import { openInstanceLists } from './use-cases/instance-lists.ts'
import { ensureOpenLists } from './use-cases/open-lists.ts'
import { publishHeads } from './use-cases/publish-heads.ts'
import { pushStatus } from './use-cases/push-status.ts'

export interface RunningIssuer extends RunningService {
  did: string
}

/** Starts an issuer: completes what an earlier run left undone, then serves. */
export async function startIssuer(config: IssuerConfig, overrides: Partial<Context> = {}): Promise<RunningIssuer> {
  let did = ''
  const running = await startService('issuer', config, async (start) => {
    const { logger, observer, resources } = start
    const { context, checks } = await openContext(config, start, overrides)
    did = context.identity.did
    await compareWithChain(context)
    if (!context.standing.behind) await publishStatus(context)
    await openInstanceLists(context)
    const forgetting = forgetOldKeys(context, (err) => logger.error({ err }, 'idempotency keys were not forgotten'))
    const jobs = [anchor(context), compareOften(context), renewHeads(context), pushHeartbeats(context), forgetting]
    resources.defer(async () => void (await Promise.all(jobs.map((job) => job.stop()))))
    return createIssuerApp(context, config, logger, observer, checks)
  })
  return { ...running, did }
}

async function publishStatus(context: Context): Promise<void> {
  await ensureOpenLists(context)
  await publishHeads(context)
  await pushStatus(context)
}
