import { readFileSync } from 'node:fs'
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
import { ConfigError, variables } from '@consulate/server'
import type { Env } from '../services/data-folder.ts'

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
  const rpcUrls = parse(...rpcUrlsIn(env, options), variables.rpcUrls)
  const named = env.CONSULATE_CHAIN_ID
    ? parse('CONSULATE_CHAIN_ID', env.CONSULATE_CHAIN_ID, variables.wholeNumber)
    : undefined
  const chainId = options.chainId ?? named ?? (await readChainId(rpcUrls))
  const client = createChainClient({ rpcUrls, chainId })
  await assertChain(client)
  return { client, chainId, rpcUrls, didRegistry: options.didRegistry }
}

export function planFor({ client, didRegistry }: Target): Promise<DeploymentPlan> {
  return planDeployment(client, didRegistry)
}

/** Pays with the key in the file, or with that of the environment: arguments can be seen by others. */
export async function deployTo({ client, didRegistry }: Target, env: Env, keyFile?: string): Promise<Deployment> {
  return deployRegistries(client, deployerKey(env, keyFile), didRegistry ? { didRegistry } : {})
}

function deployerKey(env: Env, keyFile: string | undefined): `0x${string}` {
  const where = keyFile ?? 'CONSULATE_DEPLOYER_KEY'
  const text = keyFile ? readKeyFile(keyFile) : env.CONSULATE_DEPLOYER_KEY
  if (!text)
    throw new ConfigError(['No account pays: name its key with --private-key-file, or set CONSULATE_DEPLOYER_KEY.'])
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text as `0x${string}`
  throw new ConfigError([`${where} must hold a private key: 0x and 64 hex digits`])
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new ConfigError([`--private-key-file ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`])
  }
}

function rpcUrlsIn(env: Env, { rpcUrl }: TargetOptions): [name: string, value: string | undefined] {
  return rpcUrl ? ['--rpc-url', rpcUrl.join(',')] : ['CONSULATE_RPC_URLS', env.CONSULATE_RPC_URLS || undefined]
}

function parse<Value>(name: string, value: string | undefined, schema: Schema<Value>): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigError([`${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}`])
}

interface Schema<Value> {
  safeParse(
    value: unknown,
  ): { success: true; data: Value } | { success: false; error: { issues: readonly { message: string }[] } }
}
