import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a node does, to be changed while it runs. */
export interface NodeManners {
  chainId?: number
  code?: string
  /** Takes requests and never answers. */
  stalls?: boolean
  /** An HTTP status in place of an answer. */
  status?: number
  /** An answer to anything else. */
  answer?: (method: string, url: string) => object
}

export interface RpcNode {
  url: string
  manners: NodeManners
  /** The methods that it was asked, oldest first. */
  asked: string[]
}

/** JSON-RPC servers on free ports, whose URLs carry access keys; gone after the tests around them. */
export function rpcNodes() {
  const servers: Server[] = []
  after(() => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  })
  return {
    async startNode(manners: NodeManners): Promise<RpcNode> {
      const node: RpcNode = { url: '', manners, asked: [] }
      const server = createServer(async (request, response) => {
        const { method } = JSON.parse(await text(request)) as { method: string }
        node.asked.push(method)
        const { stalls, status = 200 } = node.manners
        if (stalls) return
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, ...answer(node, method, `${request.url}`) }))
      })
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      node.url = `http://user-secret:password-secret@127.0.0.1:${port}/v1/path-secret?key=query-secret`
      return node
    },
  }
}

function answer({ manners }: RpcNode, method: string, url: string): object {
  const { chainId = 5, code = '0x60', answer } = manners
  if (method === 'eth_chainId') return { result: `0x${chainId.toString(16)}` }
  if (method === 'eth_getCode') return { result: code }
  return answer?.(method, url) ?? { result: `0x${chainId.toString(16)}` }
}
