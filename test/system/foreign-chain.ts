import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer as createTcpServer, type Server as NetServer } from 'node:net'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { bytesToHex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'

const MNEMONIC = 'legal winner thank year wave sausage worth useful legal winner thank yellow'

export interface ForeignChain {
  url: string
  /** Funded accounts that nothing of ours knows. */
  keys: `0x${string}`[]
  stop(): Promise<void>
}

/** An anvil that is set up like somebody else's chain: another id, a block a second, fees that move, other accounts. */
export async function startForeignChain(chainId: number): Promise<ForeignChain> {
  const flags = ['--host', '127.0.0.1', '--port', '0', '--chain-id', `${chainId}`, '--block-time', '1', '--no-cors']
  const money = ['--mnemonic', MNEMONIC, '--accounts', '3', '--block-base-fee-per-gas', '7000000000']
  const child = spawn(anvil(), [...flags, ...money], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'exit')
  const end = () => child.kill('SIGKILL')
  process.once('exit', end)
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const found = /^Listening on .*:(\d+)$/.exec(line)?.[1]
      if (found) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`anvil ended with ${code}`)))
  })
  const branch = mnemonicToAccount(MNEMONIC, { path: "m/44'/60'/0'/0" }).getHdKey()
  return {
    url: `http://127.0.0.1:${port}`,
    keys: [0, 1, 2].map((index) => bytesToHex(branch.deriveChild(index).privateKey!)),
    async stop() {
      process.off('exit', end)
      end()
      await ended
    },
  }
}

function anvil(): string {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch
  try {
    return createRequire(import.meta.url).resolve(`@foundry-rs/anvil-${process.platform}-${arch}/bin/anvil`)
  } catch {
    return 'anvil'
  }
}

export interface RpcProvider {
  /** With an access key in its path. */
  url: string
  host: string
  /** The same at another address: it takes two to be believed about keys. */
  twin: string
  /** Takes requests and never answers. */
  stalls: boolean
  /** What it says its chain id is, when it lies. */
  chainId: number | undefined
  /** What it says is final; anvil's own word for it is of no use. */
  finalized: number
  close(): void
}

export const ACCESS_KEY = 'k3y-of-the-provider'

/** A provider of somebody else's chain, whose manners the test decides. */
export async function startProvider(chain: Pick<ForeignChain, 'url'>): Promise<RpcProvider> {
  const provider = { stalls: false, chainId: undefined as number | undefined, finalized: 0 }
  const answerCall: RequestListener = async (request, response) => {
    const call = JSON.parse(await text(request))
    if (provider.stalls) return
    const { chainId, finalized } = provider
    const isFinalized = call.method === 'eth_getBlockByNumber' && call.params[0] === 'finalized'
    if (isFinalized) call.params[0] = `0x${finalized.toString(16)}`
    const answer = await forward(chain.url, call)
    if (call.method === 'eth_chainId' && chainId !== undefined) answer.result = `0x${chainId.toString(16)}`
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  }
  const servers = [createServer(answerCall), createServer(answerCall)]
  const [host, twinHost] = await Promise.all(servers.map(async (server) => `127.0.0.1:${await listenOn(server)}`))
  const urlOf = (at: string) => `http://user:${ACCESS_KEY}@${at}/v2/${ACCESS_KEY}`
  const close = () => {
    for (const server of servers) {
      server.close()
      server.closeAllConnections()
    }
  }
  return Object.assign(provider, { url: urlOf(host!), host: host!, twin: urlOf(twinHost!), close })
}

async function forward(url: string, call: unknown): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(call) })
  return (await response.json()) as Record<string, unknown>
}

/** Takes connections and says nothing, ever. */
export async function startStallingHost(): Promise<{ url: string; host: string; close(): void }> {
  const sockets = new Set<{ destroy(): void }>()
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
  })
  const host = `127.0.0.1:${await listenOn(server)}`
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { url: `http://${host}/${ACCESS_KEY}`, host, close }
}

async function listenOn(server: NetServer): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}
