import { DomainError } from '@consulate/core'
import { hexToNumber } from 'viem'
import type { ChainClient } from './chain-client.ts'

/** Throws `chain_unavailable` unless one RPC URL answers and every one that answers is on this chain. */
export async function assertChain(client: ChainClient, chainId: number): Promise<void> {
  const answers = await Promise.all(client.transport.transports.map(askChainId))
  const wrong = answers.find((answer) => answer.chainId !== undefined && answer.chainId !== chainId)
  if (wrong) {
    throw new DomainError(
      'chain_unavailable',
      `The RPC URL at ${wrong.host} is on chain ${wrong.chainId}, not ${chainId}: correct the URL or the chain id.`,
    )
  }
  if (answers.every((answer) => answer.chainId === undefined)) {
    const hosts = answers.map((answer) => answer.host).join(', ')
    throw new DomainError(
      'chain_unavailable',
      `No answer from chain ${chainId} at ${hosts}: check that the node runs and that the RPC URLs are right.`,
    )
  }
}

type Endpoint = ChainClient['transport']['transports'][number]

async function askChainId(endpoint: Endpoint): Promise<{ host: string; chainId: number | undefined }> {
  const host = new URL(endpoint.value?.url ?? '').host // the rest of an RPC URL may be an access key
  try {
    return { host, chainId: hexToNumber(await endpoint.request({ method: 'eth_chainId' })) }
  } catch {
    return { host, chainId: undefined }
  }
}
