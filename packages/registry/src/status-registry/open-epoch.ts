import type { EpochOpening } from '@consulate/core'
import { encodeFunctionData, type Hex } from 'viem'
import { statusRegistryAbi } from '../abi.ts'

/** The call that begins an epoch; the signature is that of the issuer's ERC-1056 owner. */
export function encodeOpenEpoch({ issuer, epoch }: EpochOpening, signature: Hex): Hex {
  return encodeFunctionData({ abi: statusRegistryAbi, functionName: 'openEpoch', args: [issuer, epoch, signature] })
}
