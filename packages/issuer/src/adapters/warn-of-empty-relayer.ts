import { assertFunds, type ChainClient, type Relayer } from '@consulate/registry'
import type { Logger } from '@consulate/server'

/** Issuing and revoking go on without funds; anchors and kills wait. */
export async function warnOfEmptyRelayer(client: ChainClient, { address }: Relayer, logger: Logger): Promise<void> {
  await assertFunds(client, address, 1n).catch((err: unknown) =>
    logger.warn({ err, relayer: address }, 'the relayer cannot pay: anchors and kills wait until it can'),
  )
}
