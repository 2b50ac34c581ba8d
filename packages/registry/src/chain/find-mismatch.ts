import type { Address } from 'viem'
import type { Ask } from './rpc-wire.ts'

/** How a chain is told from every other. */
export interface ChainExpectation {
  chainId: number
  /** Where it holds code: another network may carry the same id. */
  contracts: readonly Address[]
}

/** In which way a node is not on the expected chain; undefined when it is. Throws when it does not answer. */
export async function findMismatch(ask: Ask, { chainId, contracts }: ChainExpectation): Promise<string | undefined> {
  const answer = await ask({ method: 'eth_chainId' })
  if (Number(answer) !== chainId) return `is on chain ${chainNumber(answer)}, not ${chainId}`
  for (const address of contracts) {
    const code = await ask({ method: 'eth_getCode', params: [address, 'latest'] })
    if (code === '0x') return `has no contract at ${address} on chain ${chainId}`
  }
  return undefined
}

function chainNumber(answer: unknown): string {
  return typeof answer === 'string' && /^0x[0-9a-f]{1,16}$/i.test(answer) ? BigInt(answer).toString() : 'unknown'
}
