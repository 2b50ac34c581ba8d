import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { canonicalKeyDid } from './did-key.ts'
import { canonicalWebDid } from './did-web.ts'
import { canonicalEthrDid } from './ethr-did.ts'

const MAX_LENGTH = 512
const DID = /^did:([a-z0-9]+):[A-Za-z0-9._:%-]+$/

/**
 * Returns the DID when it is spelled in its one canonical way (DID Core §3.1, narrowed so that equal strings are equal
 * identities). Supported: `did:key` (Ed25519, P-256, secp256k1), `did:ethr` (lower-case hex chain id and address), `did:web`.
 * Says nothing about whether the DID resolves, nor whether a did:key holds a usable point: `resolveDidKey` does.
 *
 * @throws DomainError `did_malformed`, `did_not_canonical` (the message shows the right form where it can be derived),
 *   `did_method_unsupported`
 */
export function canonicalDid(value: string): string {
  const method = value.length <= MAX_LENGTH ? DID.exec(value)?.[1] : undefined
  switch (method) {
    case 'key':
      return canonicalKeyDid(value)
    case 'ethr':
      return canonicalEthrDid(value)
    case 'web':
      return canonicalWebDid(value)
    case undefined:
      throw malformed(value)
    default:
      throw new DomainError(
        'did_method_unsupported',
        `${quote(value)} uses the method ${quote(method)}; use a DID of the method key, ethr or web.`,
      )
  }
}

function malformed(value: string): DomainError {
  if (value.length > MAX_LENGTH) {
    return new DomainError('did_malformed', `The DID ${quote(value)} is longer than ${MAX_LENGTH} characters.`)
  }
  if (/[/?#;]/.test(value)) {
    return new DomainError('did_malformed', `${quote(value)} must be a plain DID, without path, query or fragment.`)
  }
  if (/^did:[a-z0-9]+:/i.test(value) && !/^did:[a-z0-9]+:/.test(value)) {
    return new DomainError('did_not_canonical', `${quote(value)} must write "did:" and its method in lower case.`)
  }
  return new DomainError('did_malformed', `${quote(value)} is not a DID; expected did:<method>:<id>.`)
}
