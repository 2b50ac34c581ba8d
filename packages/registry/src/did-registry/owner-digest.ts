import { type Address, encodePacked, type Hex, keccak256, parseSignature } from 'viem'

/** What every call signed by an identity's owner is bound to. */
export interface OwnerCall {
  didRegistry: Address
  identity: Address
  /** `readNonce` of the identity's owner. */
  nonce: bigint
}

/** The digest of EIP-191 version 0 that ERC-1056 recovers the owner from. */
export function ownerDigest({ didRegistry, identity, nonce }: OwnerCall, action: string, values: Hex): Hex {
  return keccak256(
    encodePacked(
      ['bytes2', 'address', 'uint256', 'address', 'string', 'bytes'],
      ['0x1900', didRegistry, nonce, identity, action, values],
    ),
  )
}

/** A 65-byte signature (r ‖ s ‖ v) as ERC-1056 takes it. */
export function splitSignature(signature: Hex): readonly [v: number, r: Hex, s: Hex] {
  const { yParity, r, s } = parseSignature(signature)
  return [27 + yParity, r, s]
}
