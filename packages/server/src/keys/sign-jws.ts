import type { NodeKms } from './node-kms.ts'

export interface JwsHeader {
  alg: 'EdDSA' | 'ES256K'
  typ: string
  /** An absolute DID URL. */
  kid: string
}

/** A compact JWS (RFC 7515 §3.1) whose payload is the JSON of this document, signed with the key of this name. */
export async function signJws(
  kms: Pick<NodeKms, 'sign'>,
  keyName: string,
  header: JwsHeader,
  document: object,
): Promise<string> {
  const signingInput = `${encode(header)}.${encode(document)}`
  const data = Buffer.from(signingInput)
  return `${signingInput}.${await kms.sign({ keyRef: { kid: keyName }, algorithm: header.alg, data })}`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
