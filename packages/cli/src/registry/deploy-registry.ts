import {
  assertChain,
  type ChainClient,
  createChainClient,
  type Deployment,
  type DeploymentPlan,
  deployRegistries,
  planDeployment,
  readChainId,
} from '@consulate/registry'
import { variables } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'
import { parseVariable } from './parse-variable.ts'
import { payingKey } from './paying-key.ts'
import { rpcUrlsOf } from './rpc-urls.ts'

/** The chain to deploy to. */
export interface Target {
  client: ChainClient
  chainId: number
  rpcUrls: readonly string[]
  didRegistry: `0x${string}` | undefined
}

export interface TargetOptions {
  rpcUrl?: readonly string[]
  chainId?: number
  didRegistry?: `0x${string}`
}

/** Throws `chain_unavailable` unless a URL answers and is on the chain that was named, or all are on one chain. */
export async function findTarget(env: Env, options: TargetOptions): Promise<Target> {
  const rpcUrls = rpcUrlsOf(env, options.rpcUrl)
  const named = env.CONSULATE_CHAIN_ID
    ? parseVariable('CONSULATE_CHAIN_ID', env.CONSULATE_CHAIN_ID, variables.wholeNumber)
    : undefined
  const chainId = options.chainId ?? named ?? (await readChainId(rpcUrls))
  const client = createChainClient({ rpcUrls, chainId })
  await assertChain(client)
  return { client, chainId, rpcUrls, didRegistry: options.didRegistry }
}

export function planFor({ client, didRegistry }: Target): Promise<DeploymentPlan> {
  return planDeployment(client, didRegistry)
}

/** Pays with the key in the file, or with that of the environment. */
export async function deployTo({ client, didRegistry }: Target, env: Env, keyFile?: string): Promise<Deployment> {
  return deployRegistries(client, payingKey(env, 'CONSULATE_DEPLOYER_KEY', keyFile), didRegistry ? { didRegistry } : {})
}
