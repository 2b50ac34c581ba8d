import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import { unknownIssuer } from './trust-issuer.ts'

/**
 * Believes an issuer again that contradicted itself, once the owner of its DID has opened a later epoch. Resolves to the epochs
 * that were cleared. Throws `trust_unknown` or `epoch_not_opened`.
 */
export async function clearIssuer(
  { store, trust, follower, clock, logger }: Pick<Context, 'store' | 'trust' | 'follower' | 'clock' | 'logger'>,
  did: string,
  by: string,
): Promise<number[]> {
  const { value: cleared, replayed } = await store.once(async () => {
    if (!trust.find(did)) throw unknownIssuer(did)
    const epochs = (await store.listConvictions(did)).map(({ epoch }) => epoch)
    const opened = follower.openedEpoch(did)
    const [newest] = epochs
    if (newest !== undefined && newest >= opened) throw notOpened(did, newest, opened)
    await store.clearConvictions(did, { clearedAt: clock.now(), clearedBy: by })
    return epochs
  })
  if (!replayed && cleared.length > 0) logger.warn({ by, issuer: did, epochs: cleared }, 'an issuer was cleared')
  return cleared
}

function notOpened(did: string, convicted: number, opened: number): DomainError {
  return new DomainError(
    'epoch_not_opened',
    `${did} contradicted itself in epoch ${convicted}, and the chain has opened epoch ${opened}: its owner must open a later one first (consulate issuer recover).`,
  )
}
