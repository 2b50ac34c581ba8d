import { DomainError } from '@consulate/core'
import type { Address, Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { assertFunds } from '../transaction/assert-funds.ts'
import { broadcast } from '../transaction/broadcast.ts'
import { prepareTransaction } from '../transaction/prepare-transaction.ts'
import { signTransaction } from '../transaction/sign-transaction.ts'
import { waitForReceipt } from '../transaction/wait-for-receipt.ts'
import { hasCode, type PlannedContract, planDeployment } from './plan-deployment.ts'
import { DEPLOYMENT_PROXY, type RegistryAddresses } from './registry-addresses.ts'

export interface DeployedContract {
  name: PlannedContract['name']
  address: Address
  /** Absent when it was there already. */
  transaction?: { hash: Hex; block: number; gasUsed: number }
}

export interface Deployment extends RegistryAddresses {
  contracts: DeployedContract[]
}

const TIMEOUT = 300_000 // milliseconds; blocks are 12 s apart, and a fee may be outbid for a while

/**
 * Puts ERC-1056, unless one is given, and StatusRegistry at their deterministic addresses; what is there already is left alone.
 * Throws `chain_unavailable`: no funds, no deployment proxy, no answer.
 */
export async function deployRegistries(
  client: ChainClient,
  deployerPrivateKey: Hex,
  options: { didRegistry?: Address } = {},
): Promise<Deployment> {
  const plan = await planDeployment(client, options.didRegistry)
  if (plan.cost > 0n) await assertFunds(client, lowerCase(privateKeyToAddress(deployerPrivateKey)), plan.cost)
  const contracts: DeployedContract[] = []
  for (const { name, address, isThere, data } of plan.contracts) {
    if (isThere) contracts.push({ name, address })
    else contracts.push({ name, address, transaction: await deploy(client, deployerPrivateKey, address, data) })
  }
  const { didRegistry, statusRegistry } = plan
  return { didRegistry, statusRegistry, contracts }
}

async function deploy(client: ChainClient, privateKey: Hex, address: Address, data: Hex) {
  const from = privateKeyToAddress(privateKey)
  const prepared = await prepareTransaction(client, { from, to: DEPLOYMENT_PROXY, data })
  const { raw, hash } = await signTransaction(privateKey, prepared)
  const outcome = await broadcast(client, raw)
  const receipt = outcome === 'accepted' ? await waitForReceipt(client, hash, TIMEOUT) : undefined
  if (receipt && (await hasCode(client, address))) return { hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed }
  throw new DomainError(
    'chain_unavailable',
    `Deploying to ${address} on chain ${client.chain.id} left no code there: start it again.`,
    { reason: `transaction ${hash} ended ${outcome}` },
  )
}
