import { BaseError, type Hex, keccak256 } from 'viem'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

/**
 * `accepted`: a node has it, now or since an earlier attempt. `nonce_used`: another transaction was mined with its nonce.
 * `underpriced`: it would replace another one but does not pay enough more.
 */
export type BroadcastOutcome = 'accepted' | 'nonce_used' | 'underpriced'

/** Sends a signed transaction; sending the same one again is harmless. Throws `chain_unavailable`: try again later. */
export async function broadcast(client: ChainClient, raw: Hex): Promise<BroadcastOutcome> {
  try {
    await client.sendRawTransaction({ serializedTransaction: raw })
    return 'accepted'
  } catch (error) {
    const message = error instanceof BaseError ? `${error.shortMessage} ${error.details}` : ''
    if (/already (known|imported)|known transaction/i.test(message)) return 'accepted'
    if (/underpriced/i.test(message)) return 'underpriced'
    if (!/nonce.*too low/i.test(message)) return askChain('take a transaction', Promise.reject(error))
    return (await isKnown(client, keccak256(raw))) ? 'accepted' : 'nonce_used'
  }
}

async function isKnown(client: ChainClient, hash: Hex): Promise<boolean> {
  const known = client.request({ method: 'eth_getTransactionByHash', params: [hash] })
  return (await askChain(`look up transaction ${hash}`, known)) !== null
}
