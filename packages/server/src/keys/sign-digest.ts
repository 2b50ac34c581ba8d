import type { Hex } from '@consulate/core'
import type { NodeKms } from './node-kms.ts'

/** r ‖ s ‖ v over a digest of 32 bytes, as Ethereum takes it. */
export async function signDigest(kms: Pick<NodeKms, 'sign'>, keyName: string, digest: Hex): Promise<Hex> {
  const data = Buffer.from(digest.slice(2), 'hex')
  return (await kms.sign({ keyRef: { kid: keyName }, algorithm: 'eth_rawSign', data })) as Hex
}
