import { type Address, encodeFunctionData, encodePacked, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { type Attribute, encodeAttributeName } from './attribute.ts'
import { type OwnerCall, ownerDigest, splitSignature } from './owner-digest.ts'

/** What the identity's owner signs, so that anybody may pay for revoking the attribute. */
export function revokeAttributeDigest(call: OwnerCall, { name, value }: Attribute): Hex {
  const values = encodePacked(['bytes32', 'bytes'], [encodeAttributeName(name), value])
  return ownerDigest(call, 'revokeAttribute', values)
}

export function encodeRevokeAttributeSigned(identity: Address, { name, value }: Attribute, signature: Hex): Hex {
  return encodeFunctionData({
    abi: didRegistryAbi,
    functionName: 'revokeAttributeSigned',
    args: [identity, ...splitSignature(signature), encodeAttributeName(name), value],
  })
}
