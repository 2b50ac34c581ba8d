import { ConfigError } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import { type ChainInUse, openLocalChain } from './local-chain.ts'
import type { Ports } from './ports.ts'

/** The configured chain, or one of our own. */
export async function openChain(env: Env, folder: string, ports: Ports): Promise<ChainInUse> {
  if (!env.CONSULATE_RPC_URLS) return openLocalChain(env, folder, ports)
  return { settings: {}, failed: new Promise(() => undefined), stop: async () => undefined }
}

const NEEDS_RPC_URLS = ['CONSULATE_CHAIN_ID', 'CONSULATE_DID_REGISTRY', 'CONSULATE_STATUS_REGISTRY'] as const

/** Stands in for what a chain of our own will say, so that everything else can be checked before it is started. */
export function chainBeforeStart(env: Env): Env {
  if (env.CONSULATE_RPC_URLS) return {}
  const mistakes = NEEDS_RPC_URLS.filter((variable) => env[variable]).map(
    (variable) => `${variable} is set and CONSULATE_RPC_URLS is not; set both, or neither for a local chain`,
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const address = `0x${'1'.repeat(40)}`
  return {
    CONSULATE_RPC_URLS: 'http://127.0.0.1',
    CONSULATE_CHAIN_ID: '1',
    CONSULATE_DID_REGISTRY: address,
    CONSULATE_STATUS_REGISTRY: address,
    CONSULATE_RELAYER_KEY: env.CONSULATE_RELAYER_KEY || `0x${'1'.repeat(64)}`,
  }
}
