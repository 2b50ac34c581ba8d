import { type Address, encodeFunctionData, encodePacked, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { type DelegateType, encodeDelegateType } from './delegate-type.ts'
import { type OwnerCall, ownerDigest, splitSignature } from './owner-digest.ts'

export interface Delegate {
  delegateType: DelegateType
  delegate: Address
}

/** What the identity's owner signs, so that anybody may pay for revoking the delegate. */
export function revokeDelegateDigest(call: OwnerCall, { delegateType, delegate }: Delegate): Hex {
  const values = encodePacked(['bytes32', 'address'], [encodeDelegateType(delegateType), delegate])
  return ownerDigest(call, 'revokeDelegate', values)
}

export function encodeRevokeDelegateSigned(identity: Address, entry: Delegate, signature: Hex): Hex {
  const { delegateType, delegate } = entry
  return encodeFunctionData({
    abi: didRegistryAbi,
    functionName: 'revokeDelegateSigned',
    args: [identity, ...splitSignature(signature), encodeDelegateType(delegateType), delegate],
  })
}
