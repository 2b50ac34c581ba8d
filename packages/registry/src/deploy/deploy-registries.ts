import { DomainError } from '@consulate/core'
import type { Address, Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { didRegistryBytecode } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { broadcast } from '../transaction/broadcast.ts'
import { prepareTransaction } from '../transaction/prepare-transaction.ts'
import { signTransaction } from '../transaction/sign-transaction.ts'
import { waitForReceipt } from '../transaction/wait-for-receipt.ts'
import {
  DEPLOYMENT_PROXY,
  deploymentCalldata,
  type RegistryAddresses,
  registryAddresses,
  statusRegistryInitCode,
} from './registry-addresses.ts'

/** Puts ERC-1056 and StatusRegistry at their deterministic addresses; what is there already is left alone. */
export async function deployRegistries(client: ChainClient, deployerPrivateKey: Hex): Promise<RegistryAddresses> {
  const addresses = registryAddresses()
  const { didRegistry, statusRegistry } = addresses
  await deployOnce(client, deployerPrivateKey, didRegistry, didRegistryBytecode)
  await deployOnce(client, deployerPrivateKey, statusRegistry, statusRegistryInitCode(didRegistry))
  return addresses
}

async function deployOnce(client: ChainClient, privateKey: Hex, address: Address, initCode: Hex): Promise<void> {
  if (await hasCode(client, address)) return
  if (!(await hasCode(client, DEPLOYMENT_PROXY))) {
    throw new DomainError(
      'chain_unavailable',
      `Chain ${client.chain.id} has no deterministic deployment proxy at ${DEPLOYMENT_PROXY}: deploy the proxy there first, or configure registries that exist.`,
    )
  }
  const from = privateKeyToAddress(privateKey)
  const data = deploymentCalldata(initCode)
  const prepared = await prepareTransaction(client, { from, to: DEPLOYMENT_PROXY, data })
  const { raw, hash } = await signTransaction(privateKey, prepared)
  const outcome = await broadcast(client, raw)
  if (outcome === 'accepted') await waitForReceipt(client, hash)
  if (!(await hasCode(client, address))) {
    throw new DomainError(
      'chain_unavailable',
      `Deploying to ${address} on chain ${client.chain.id} left no code there: start it again.`,
      { reason: `transaction ${hash} ended ${outcome}` },
    )
  }
}

async function hasCode(client: ChainClient, address: Address): Promise<boolean> {
  const code = await askChain(`read the code at ${address}`, client.getCode({ address }))
  return code !== undefined
}
