import { base58 } from '@scure/base'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { checkEd25519PublicKey, importEd25519PublicKey } from './import-public-key.ts'
import type { DidKeys } from './verification-method.ts'

const PREFIX = 'did:key:'
const ED25519_MULTICODEC = [0xed, 0x01] as const

// The base58 alphabet stands in ASCII order, so strings of one length compare as the numbers they spell.
const ED25519_MULTIBASE = /^z[1-9A-HJ-NP-Za-km-z]{47}$/
const LOWEST = multibase(new Uint8Array(32))
const HIGHEST = multibase(new Uint8Array(32).fill(0xff))

/**
 * The keys of an Ed25519 did:key (did:key §3.1): one method `did#multibase`, good for assertion and authentication.
 *
 * @throws DomainError as `canonicalDid` does; `did_malformed` also when the key is of small order or not canonical
 */
export function resolveDidKey(did: string): DidKeys {
  const name = canonicalKeyDid(did).slice(PREFIX.length)
  const id = `${did}#${name}`
  const publicKey = importEd25519PublicKey(base58.decode(name.slice(1)).subarray(ED25519_MULTICODEC.length))
  const purposes = new Set(['assertionMethod', 'authentication'] as const)
  return { did, verificationMethods: new Map([[id, { id, algorithm: 'EdDSA', publicKey, purposes }]]) }
}

/**
 * The did:key of a raw 32-byte Ed25519 public key.
 *
 * @throws DomainError `did_malformed` when the key is none, of small order, or not canonical
 */
export function encodeDidKey(publicKey: Uint8Array): string {
  checkEd25519PublicKey(publicKey)
  return PREFIX + multibase(publicKey)
}

/** `canonicalDid` for a value that begins with `did:key:`. */
export function canonicalKeyDid(did: string): string {
  const name = did.slice(PREFIX.length)
  if (!ED25519_MULTIBASE.test(name) || name < LOWEST || name > HIGHEST) throw refusal(did, name)
  return did
}

function refusal(did: string, name: string): DomainError {
  if (!name.startsWith('z')) {
    return new DomainError('did_not_canonical', `${quote(did)} must spell its key in base58-btc: did:key:z6Mk….`)
  }
  const bytes = decodeBase58(name.slice(1))
  if (bytes === undefined) return new DomainError('did_malformed', `${quote(did)} is not base58-btc after the "z".`)
  if (bytes[0] !== ED25519_MULTICODEC[0] || bytes[1] !== ED25519_MULTICODEC[1]) {
    return new DomainError('did_method_unsupported', `${quote(did)} must hold an Ed25519 key: did:key:z6Mk….`)
  }
  const length = bytes.length - ED25519_MULTICODEC.length
  return new DomainError('did_malformed', `${quote(did)} holds ${length} key bytes; an Ed25519 key has 32.`)
}

function decodeBase58(text: string): Uint8Array | undefined {
  try {
    return base58.decode(text)
  } catch {
    return undefined
  }
}

function multibase(publicKey: Uint8Array): string {
  return `z${base58.encode(Uint8Array.from([...ED25519_MULTICODEC, ...publicKey]))}`
}
