import { type Hex, stringToHex } from 'viem'

/** An Ed25519 key given as its 32 raw bytes; did:ethr resolves it into `assertionMethod`. */
export const ED25519_KEY_ATTRIBUTE = 'did/pub/Ed25519/veriKey/hex'

export interface Attribute {
  /** At most 32 bytes of UTF-8. */
  name: string
  value: Hex
}

export function encodeAttributeName(name: string): Hex {
  return stringToHex(name, { size: 32 })
}
