import { type Address, encodeFunctionData, encodePacked, type Hex } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { type Attribute, encodeAttributeName } from './attribute.ts'
import { type OwnerCall, ownerDigest, splitSignature } from './owner-digest.ts'

export interface LastingAttribute extends Attribute {
  /** Seconds from the block that records it. */
  validity: number
}

/** What the identity's owner signs, so that anybody may pay for setting the attribute. */
export function setAttributeDigest(call: OwnerCall, { name, value, validity }: LastingAttribute): Hex {
  const values = encodePacked(['bytes32', 'bytes', 'uint256'], [encodeAttributeName(name), value, BigInt(validity)])
  return ownerDigest(call, 'setAttribute', values)
}

export function encodeSetAttributeSigned(identity: Address, attribute: LastingAttribute, signature: Hex): Hex {
  const { name, value, validity } = attribute
  return encodeFunctionData({
    abi: didRegistryAbi,
    functionName: 'setAttributeSigned',
    args: [identity, ...splitSignature(signature), encodeAttributeName(name), value, BigInt(validity)],
  })
}
