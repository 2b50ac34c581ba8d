import type { Kill } from '@consulate/core'
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { statusRegistryAbi } from '../abi.ts'

/** The call that records a cut-off; `signer` is the `statusKill` delegate whose signature it is. */
export function encodeKill({ issuer, scope, target, cutoff }: Kill, signer: Address, signature: Hex): Hex {
  return encodeFunctionData({
    abi: statusRegistryAbi,
    functionName: 'kill',
    args: [issuer, scope, target, cutoff, signer, signature],
  })
}
