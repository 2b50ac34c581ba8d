import { type Address, encodeFunctionData, encodePacked, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { type OwnerCall, ownerDigest, splitSignature } from './owner-digest.ts'

/** What the identity's owner signs, so that anybody may pay for handing it to the new one. */
export function changeOwnerDigest(call: OwnerCall, newOwner: Address): Hex {
  return ownerDigest(call, 'changeOwner', encodePacked(['address'], [newOwner]))
}

export function encodeChangeOwnerSigned(identity: Address, newOwner: Address, signature: Hex): Hex {
  return encodeFunctionData({
    abi: didRegistryAbi,
    functionName: 'changeOwnerSigned',
    args: [identity, ...splitSignature(signature), newOwner],
  })
}
