import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { createChainClient, type Devnet, deployRegistries, keepMining, startDevnet } from '@consulate/registry'
import { listen } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import type { Ports } from './ports.ts'

export interface ChainInUse {
  /** What the services are told of it. */
  settings: Env
  /** Resolves when a chain of ours has ended by itself; never for another's. */
  failed: Promise<DomainError>
  stop(): Promise<void>
}

const FINALITY = 2

/** A chain of our own with the registries on it, mining as long as something waits to become final. */
export async function openLocalChain(env: Env, folder: string, ports: Ports): Promise<ChainInUse> {
  const opened = new AsyncDisposableStack()
  try {
    const devnet = await startOnKeptPort(join(folder, 'chain', 'state.json'), ports)
    opened.defer(devnet.stop)
    ports.keep('chain', devnet.port)
    const { rpcUrl, chainId, accounts } = devnet
    const [deployer, relayer, walletRelayer] = accounts
    const client = createChainClient({ rpcUrls: [rpcUrl], chainId })
    const { didRegistry, statusRegistry } = await deployRegistries(client, deployer!.privateKey)
    const mining = keepMining(client, Number(env.CONSULATE_FINALITY) || FINALITY)
    opened.defer(mining.stop)
    const { failed, expect } = watch(devnet)
    opened.defer(expect)
    return {
      settings: {
        CONSULATE_RPC_URLS: rpcUrl,
        CONSULATE_CHAIN_ID: String(chainId),
        CONSULATE_DID_REGISTRY: didRegistry,
        CONSULATE_STATUS_REGISTRY: statusRegistry,
        CONSULATE_RELAYER_KEY: env.CONSULATE_RELAYER_KEY || relayer!.privateKey,
        CONSULATE_WALLET_RELAYER_KEY: env.CONSULATE_WALLET_RELAYER_KEY || walletRelayer!.privateKey,
        CONSULATE_FINALITY: env.CONSULATE_FINALITY || String(FINALITY),
      },
      failed,
      stop: () => opened.disposeAsync(),
    }
  } catch (error) {
    await opened.disposeAsync().catch(() => undefined) // why it did not start matters more
    throw error
  }
}

/** A port that somebody else has taken meanwhile gives way to a free one. */
async function startOnKeptPort(stateFile: string, ports: Ports): Promise<Devnet> {
  const kept = ports.kept('chain')
  return startDevnet({ stateFile, ...(kept !== undefined && { port: kept }) }).catch(async (error) => {
    if (kept === undefined || (await isFree(kept))) throw error
    return startDevnet({ stateFile })
  })
}

async function isFree(port: number): Promise<boolean> {
  try {
    await (await listen('127.0.0.1', port)).close()
    return true
  } catch {
    return false
  }
}

function watch({ exited }: Devnet): { failed: Promise<DomainError>; expect(): void } {
  let expected = false
  const failed = new Promise<DomainError>((resolve) => {
    exited.then((code) => {
      if (!expected)
        resolve(new DomainError('chain_unavailable', `The local chain ${how(code)}; start again, nothing is lost.`))
    })
  })
  return {
    failed,
    expect: () => {
      expected = true
    },
  }
}

function how(code: number | null): string {
  return code === null ? 'was killed' : `ended by itself with exit code ${code}`
}
