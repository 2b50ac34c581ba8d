import { verifySecuredCredential } from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'
import { countVerification } from './count-verification.ts'
import { type Check, instanceOf } from './instance-of.ts'

/** Decides about any credential as an instance does; throws the reason for a refusal. Resolves to what was checked. */
export function verifyAnyCredential(
  ctx: Pick<Context, 'instances' | 'secured' | 'metrics'>,
  name: string,
  credential: unknown,
  asked: readonly Check[] | undefined,
): Promise<Check[]> {
  const { ports, checks } = instanceOf(ctx, name, asked)
  return countVerification(ctx, 'credential', async () => {
    await verifySecuredCredential(ports, credential, { status: checks.includes('credentialStatus') })
    return checks
  })
}
