import type { Address } from 'viem'

/** The one spelling of an address that leaves this package; viem returns EIP-55 checksums. */
export function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
