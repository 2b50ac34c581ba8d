import { keccak_256 } from '@noble/hashes/sha3.js'

/** Bytes as `0x` and lower-case hex. */
export type Hex = `0x${string}`

/** Where signatures count: one registry contract on one chain. */
export interface RegistryDomain {
  chainId: number
  verifyingContract: Hex
}

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** EIP-712 `hashStruct` of a struct whose members are all static: numbers, addresses and bytes32, in their order. */
export function hashStruct(type: string, members: readonly (number | Hex)[]): Hex {
  return keccak(Buffer.concat([hashText(type), ...members.map(word)]))
}

/** EIP-712 digest of a struct hash under `Consulate StatusRegistry` version 1. */
export function typedDataDigest(structHash: Hex, { chainId, verifyingContract }: RegistryDomain): Hex {
  const separator = keccak(
    Buffer.concat([
      hashText(DOMAIN_TYPE),
      hashText('Consulate StatusRegistry'),
      hashText('1'),
      word(chainId),
      word(verifyingContract),
    ]),
  )
  return keccak(Buffer.concat([Buffer.of(0x19, 0x01), word(separator), word(structHash)]))
}

/** keccak-256 of a text in UTF-8. */
export function keccakText(text: string): Hex {
  return keccak(Buffer.from(text))
}

function word(value: number | Hex): Buffer {
  const digits = typeof value === 'number' ? value.toString(16) : value.slice(2)
  return Buffer.from(digits.padStart(64, '0'), 'hex')
}

function hashText(text: string): Buffer {
  return word(keccakText(text))
}

function keccak(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(keccak_256(bytes)).toString('hex')}`
}
