import type { Head } from '@consulate/core'
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { statusRegistryAbi } from '../abi.ts'

/** The call that records a head; `signer` is the `statusAnchor` delegate whose signature it is. */
export function encodeAnchor(head: Head, signer: Address, signature: Hex): Hex {
  return encodeFunctionData({
    abi: statusRegistryAbi,
    functionName: 'anchor',
    args: [{ ...head, version: BigInt(head.version) }, signer, signature],
  })
}
