import { type Hex, hexToString, stringToHex } from 'viem'

/** `statusAnchor` signs heads, `statusKill` can only revoke; `veriKey` and `sigAuth` are did:ethr's own. */
export type DelegateType = 'statusAnchor' | 'statusKill' | 'veriKey' | 'sigAuth'

export function encodeDelegateType(delegateType: DelegateType): Hex {
  return stringToHex(delegateType, { size: 32 })
}

/** ERC-1056 stores names as zero-padded text. */
export function decodeName(name: Hex): string {
  return hexToString(name, { size: 32 })
}
