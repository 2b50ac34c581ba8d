import { DomainError } from '@consulate/core'
import type { ChainClient } from './chain-client.ts'

/**
 * Throws `chain_unavailable`, with one line for each RPC URL, unless one of them answers and is on the client's chain. The
 * others are reported, and not asked before they are.
 */
export async function assertChain({ chain, transport: { endpoints } }: ChainClient): Promise<void> {
  const answers = await Promise.all(endpoints.map((endpoint) => endpoint.check()))
  if (answers.includes(true)) return
  const lines = endpoints.map(({ name, state, why }) =>
    state === 'foreign'
      ? `${name} ${why}: correct the URL, the chain id or the registries' addresses.`
      : `No answer from chain ${chain.id}, ${name} ${why}: check that the node runs and that the URL is right.`,
  )
  throw new DomainError('chain_unavailable', lines.join('\n'))
}
