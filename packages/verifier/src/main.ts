import { forgetOldKeys, type RunningService, startService } from '@consulate/server'
import { createVerifierApp } from './app.ts'
import type { VerifierConfig } from './config.ts'
import { type Context, openContext } from './context.ts'
import { forgetChallenges } from './jobs/forget-challenges.ts'
import { reloadTrust } from './use-cases/reload-trust.ts'

/** Starts a verifier: it follows the issuers it trusts, and serves. */
export async function startVerifier(config: VerifierConfig, overrides: Partial<Context> = {}): Promise<RunningService> {
  return startService('verifier', config, async (start) => {
    const { logger, observer, resources } = start
    const { context, checks } = await openContext(config, start, overrides)
    const forgetting = forgetChallenges(context, (err) => logger.error({ err }, 'used challenges were not forgotten'))
    const forgettingKeys = forgetOldKeys(context, (err) => logger.error({ err }, 'idempotency keys were not forgotten'))
    resources.defer(async () => void (await Promise.all([forgetting.stop(), forgettingKeys.stop()])))
    context.store.onTrustChange(() => {
      reloadTrust(context).catch((err) =>
        logger.error({ err }, 'the trust list of another instance was not taken over'),
      )
    })
    return createVerifierApp(context, config, logger, observer, checks)
  })
}
