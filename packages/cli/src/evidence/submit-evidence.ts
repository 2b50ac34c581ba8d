import { DomainError, type EquivocationEvidence, parseEthrDid } from '@consulate/core'
import {
  assertChain,
  broadcast,
  type CallCost,
  type ChainClient,
  createChainClient,
  createRelayer,
  encodeProveEquivocation,
  estimateCost,
  readStatus,
  registryAddresses,
  waitForReceipt,
} from '@consulate/registry'
import { variables } from '@consulate/server'
import { parseVariable } from '../registry/parse-variable.ts'
import { payingKey } from '../registry/paying-key.ts'
import { rpcUrlsOf } from '../registry/rpc-urls.ts'
import { dataFolder, type Env } from '../services/data-folder.ts'
import { readEndpoints } from '../services/endpoints.ts'

export interface SubmitOptions {
  epoch?: number
  rpcUrl?: readonly string[]
  statusRegistry?: `0x${string}`
}

/** One epoch's proof and the registry that it is for. */
export interface Proof {
  issuer: string
  epoch: number
  chainId: number
  client: ChainClient
  call: { to: `0x${string}`; data: `0x${string}` }
}

export interface Proven {
  hash: `0x${string}`
  block: number
  gasUsed: number
}

const TIMEOUT_MS = 300_000

/**
 * Finds the chain that the evidence is for. Its registry is believed to be one only when it is ours or was named: the caller pays
 * for what it does.
 */
export async function findProof(env: Env, evidence: EquivocationEvidence, options: SubmitOptions): Promise<Proof> {
  const { issuer, chain } = evidence
  const { epoch, heads } = chooseEquivocation(evidence, options.epoch)
  const running = readEndpoints(dataFolder(env))
  const expected = options.statusRegistry ?? registryIn(env, running?.statusRegistry)
  if (chain.statusRegistry !== expected)
    throw new DomainError(
      'invalid_request',
      `The evidence is for the StatusRegistry at ${chain.statusRegistry}; expected ${expected}. If that one is right, name it with --status-registry.`,
    )
  const { chainId } = chain
  const rpcUrls = rpcUrlsOf(env, options.rpcUrl, running?.rpcUrl)
  const client = createChainClient({ rpcUrls, chainId, contracts: [expected] })
  await assertChain(client)
  return { issuer, epoch, chainId, client, call: { to: expected, data: encodeProveEquivocation(...heads) } }
}

/** What an RPC says, and of the epoch that is open only; what it does not know of is proved again, and that changes nothing. */
export async function isProven({ client, issuer, epoch, call }: Proof): Promise<boolean> {
  const status = await readStatus(client, { statusRegistry: call.to, issuer: parseEthrDid(issuer).address })
  return status.epoch === epoch && status.equivocated
}

export function costOf({ client, call }: Proof): Promise<CallCost> {
  return estimateCost(client, call)
}

/** Pays with the key in the file, or with that of the environment. */
export async function prove({ client, chainId, call }: Proof, env: Env, keyFile?: string): Promise<Proven> {
  const { raw, hash } = await createRelayer(client, payingKey(env, 'CONSULATE_RELAYER_KEY', keyFile)).prepare(call)
  const outcome = await broadcast(client, raw)
  const receipt = outcome === 'accepted' ? await waitForReceipt(client, hash, TIMEOUT_MS) : undefined
  if (receipt?.status === 'success') return { hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed }
  throw new DomainError('chain_unavailable', `Chain ${chainId} did not take transaction ${hash}: submit it again.`, {
    reason: `it ended ${receipt?.status ?? outcome}`,
  })
}

function chooseEquivocation({ issuer, equivocations }: EquivocationEvidence, epoch: number | undefined) {
  const chosen = epoch === undefined ? equivocations[0] : equivocations.find((one) => one.epoch === epoch)
  if (chosen) return chosen
  const what = epoch === undefined ? issuer : `epoch ${epoch} of ${issuer}`
  throw new DomainError('invalid_request', `There is no evidence against ${what}.`)
}

function registryIn(env: Env, running: string | undefined): string {
  const named = env.CONSULATE_STATUS_REGISTRY || running
  if (named) return parseVariable('CONSULATE_STATUS_REGISTRY', named, variables.address)
  return registryAddresses().statusRegistry
}
