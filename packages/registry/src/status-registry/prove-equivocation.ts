import type { Head } from '@consulate/core'
import { type Address, encodeFunctionData, type Hex } from 'viem'
import { statusRegistryAbi } from '../abi.ts'

export interface SignedHead {
  head: Head
  /** Who was a `statusAnchor` delegate of the issuer once. */
  signer: Address
  signature: Hex
}

/** The call that convicts an issuer of two heads that exclude each other. */
export function encodeProveEquivocation(a: SignedHead, b: SignedHead): Hex {
  return encodeFunctionData({
    abi: statusRegistryAbi,
    functionName: 'proveEquivocation',
    args: [...argumentsOf(a), ...argumentsOf(b)],
  })
}

function argumentsOf({ head, signer, signature }: SignedHead) {
  return [{ ...head, version: BigInt(head.version) }, signer, signature] as const
}
