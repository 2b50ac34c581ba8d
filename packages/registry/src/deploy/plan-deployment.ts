import { DomainError } from '@consulate/core'
import { type Address, formatEther, type Hex, zeroAddress } from 'viem'
import { didRegistryAbi, didRegistryBytecode, statusRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import { assertOwnBlocks } from '../chain/assert-own-blocks.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { gasOffered } from '../transaction/gas-offered.ts'
import {
  DEPLOYMENT_PROXY,
  deploymentCalldata,
  type RegistryAddresses,
  registryAddresses,
  statusRegistryInitCode,
} from './registry-addresses.ts'

export interface PlannedContract {
  name: 'ERC-1056' | 'StatusRegistry'
  address: Address
  isThere: boolean
  /** What deploys it, sent to the deployment proxy. */
  data: Hex
}

export interface DeploymentPlan extends RegistryAddresses {
  contracts: PlannedContract[]
  /** Of all that is missing. */
  gas: bigint
  /** Wei, at the highest fee that would be offered; an L2 may add its data fee. */
  cost: bigint
  /** The cost in ETH. */
  ether: string
}

/**
 * What is missing of the registries and what it costs; changes nothing. `didRegistry`: an ERC-1056 that exists, in place of our
 * own. Throws `chain_unavailable` when the chain has no deployment proxy or no block numbers of its own, or when something else
 * lies at an address.
 */
export async function planDeployment(client: ChainClient, didRegistry?: Address): Promise<DeploymentPlan> {
  await assertOwnBlocks(client)
  const addresses = registryAddresses(didRegistry)
  const contracts: PlannedContract[] = [
    {
      name: 'ERC-1056',
      address: addresses.didRegistry,
      isThere: await isDidRegistry(client, addresses.didRegistry, didRegistry !== undefined),
      data: deploymentCalldata(didRegistryBytecode),
    },
    {
      name: 'StatusRegistry',
      address: addresses.statusRegistry,
      isThere: await isStatusRegistry(client, addresses),
      data: deploymentCalldata(statusRegistryInitCode(addresses.didRegistry)),
    },
  ]
  const { gas, cost } = await estimate(client, contracts)
  return { ...addresses, contracts, gas, cost, ether: formatEther(cost) }
}

async function estimate(client: ChainClient, contracts: PlannedContract[]): Promise<{ gas: bigint; cost: bigint }> {
  const missing = contracts.filter(({ isThere }) => !isThere)
  if (missing.length === 0) return { gas: 0n, cost: 0n }
  if (!(await hasCode(client, DEPLOYMENT_PROXY))) {
    throw new DomainError(
      'chain_unavailable',
      `Chain ${client.chain.id} has no deterministic deployment proxy at ${DEPLOYMENT_PROXY}: deploy the proxy there first, or configure registries that exist.`,
    )
  }
  const call = ({ data }: PlannedContract) => ({ account: zeroAddress, to: DEPLOYMENT_PROXY, data })
  const [fees, ...estimates] = await askChain(
    'estimate what the registries cost',
    Promise.all([client.estimateFeesPerGas(), ...missing.map((contract) => client.estimateGas(call(contract)))]),
  )
  const gas = estimates.reduce((sum, each) => sum + gasOffered(each), 0n)
  return { gas, cost: gas * fees.maxFeePerGas }
}

/** An ERC-1056 answers with an identity as its own owner until it is handed on. */
async function isDidRegistry(client: ChainClient, address: Address, isExpected: boolean): Promise<boolean> {
  if (!(await hasCode(client, address)) && !isExpected) return false
  const owner = await client
    .readContract({ address, abi: didRegistryAbi, functionName: 'identityOwner', args: [address] })
    .catch(() => undefined)
  if (owner !== undefined && lowerCase(owner) === address) return true
  throw otherwise(client, address, 'an ERC-1056 registry')
}

async function isStatusRegistry(client: ChainClient, { didRegistry, statusRegistry }: RegistryAddresses) {
  if (!(await hasCode(client, statusRegistry))) return false
  const used = await client
    .readContract({ address: statusRegistry, abi: statusRegistryAbi, functionName: 'didRegistry' })
    .catch(() => undefined)
  if (used !== undefined && lowerCase(used) === didRegistry) return true
  throw otherwise(client, statusRegistry, `a StatusRegistry for the ERC-1056 at ${didRegistry}`)
}

function otherwise(client: ChainClient, address: Address, expected: string): DomainError {
  return new DomainError(
    'chain_unavailable',
    `At ${address} on chain ${client.chain.id} there is no contract that answers like ${expected}: check the chain and the address.`,
  )
}

export async function hasCode(client: ChainClient, address: Address): Promise<boolean> {
  const code = await askChain(`read the code at ${address}`, client.getCode({ address }))
  return code !== undefined
}
