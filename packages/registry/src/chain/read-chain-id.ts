import { DomainError } from '@consulate/core'
import { BaseError } from 'viem'
import { rpcWire } from './rpc-wire.ts'

const TIMEOUT = 3_000 // milliseconds

/** The one chain that the RPC URLs are on, for whoever does not know it yet. Throws `chain_unavailable`, a line for each URL. */
export async function readChainId(rpcUrls: readonly string[]): Promise<number> {
  const answers = await Promise.all(rpcUrls.map(askUrl))
  const [chainId, ...others] = new Set(answers.flatMap(({ chainId }) => chainId ?? []))
  if (chainId !== undefined && others.length === 0) return chainId
  const lines = answers.map(({ host, chainId, why }) =>
    chainId === undefined
      ? `No answer from ${host} (${why}): check that the node runs and that the URL is right.`
      : `${host} is on chain ${chainId}: give RPC URLs of one chain.`,
  )
  throw new DomainError('chain_unavailable', lines.join('\n'))
}

async function askUrl(url: string): Promise<{ host: string; chainId?: number; why?: string }> {
  const { host } = new URL(url)
  try {
    const chainId = Number(await rpcWire(url, TIMEOUT)({ method: 'eth_chainId' }))
    return Number.isSafeInteger(chainId) ? { host, chainId } : { host, why: 'it names no chain' }
  } catch (error) {
    return { host, why: error instanceof BaseError ? error.details : 'it gave no usable answer' }
  }
}
