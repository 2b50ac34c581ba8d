import type { ChainClient } from '@consulate/registry'
import { JsonRpcApiProvider, type JsonRpcPayload, type JsonRpcResult } from 'ethers'

/** ethers over our client: the same RPC URLs in the same order, the same checks and time limits. */
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
        return { id, result }
      }),
    )
  }
}
