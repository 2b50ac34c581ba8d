import { type Address, encodeFunctionData, encodePacked, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { type DelegateType, encodeDelegateType } from './delegate-type.ts'
import { type OwnerCall, ownerDigest, splitSignature } from './owner-digest.ts'

export interface LastingDelegate {
  delegateType: DelegateType
  delegate: Address
  /** Seconds from the block that records it. */
  validity: number
}

/** What the identity's owner signs, so that anybody may pay for adding the delegate. */
export function addDelegateDigest(call: OwnerCall, { delegateType, delegate, validity }: LastingDelegate): Hex {
  const values = encodePacked(
    ['bytes32', 'address', 'uint256'],
    [encodeDelegateType(delegateType), delegate, BigInt(validity)],
  )
  return ownerDigest(call, 'addDelegate', values)
}

export function encodeAddDelegateSigned(identity: Address, entry: LastingDelegate, signature: Hex): Hex {
  const { delegateType, delegate, validity } = entry
  return encodeFunctionData({
    abi: didRegistryAbi,
    functionName: 'addDelegateSigned',
    args: [identity, ...splitSignature(signature), encodeDelegateType(delegateType), delegate, BigInt(validity)],
  })
}
