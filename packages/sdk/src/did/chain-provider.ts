import type { ChainClient } from '@consulate/registry'
import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult } from 'ethers'

/** ethers over our client: the same RPC URLs in the same order, the same checks and time limits. For resolving DIDs only. */
export class ChainProvider extends JsonRpcApiProvider {
  readonly #client: ChainClient

  constructor(client: ChainClient) {
    super(client.chain.id, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 })
    this.#client = client
    this._start()
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    return Promise.all(
      [payload].flat().map(async ({ id, method, params }) => {
        const result = await this.#client.request({ method, params } as never)
        return { id, result: method === 'eth_getBlockByNumber' ? justAfter(result) : result }
      }),
    )
  }
}

/**
 * ERC-1056 ends what is revoked with the second of its block. The resolver lets that second pass, by the time of the block that
 * it is asked about: it is told the next one, and our own clock's when that is ahead.
 */
function justAfter(block: { timestamp: string } | null): { timestamp: string } | null {
  if (block === null) return null
  const now = Math.max(Number(block.timestamp), Math.floor(Date.now() / 1000))
  return { ...block, timestamp: `0x${(now + 1).toString(16)}` }
}
