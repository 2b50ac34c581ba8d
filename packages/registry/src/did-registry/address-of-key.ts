import type { Address } from 'viem'
import { publicKeyToAddress } from 'viem/accounts'
import { lowerCase } from '../chain/lower-case.ts'

/** The Ethereum address of an uncompressed secp256k1 public key in hex, lower-case. */
export function addressOfKey(publicKeyHex: string): Address {
  return lowerCase(publicKeyToAddress(`0x${publicKeyHex.replace(/^0x/, '')}`))
}
