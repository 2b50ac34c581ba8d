import type { KeyObject } from 'node:crypto'
import { base58 } from '@scure/base'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import {
  checkEd25519PublicKey,
  importEd25519PublicKey,
  importP256PublicKey,
  importSecp256k1PublicKey,
} from './import-public-key.ts'
import type { DidKeys, SignatureAlgorithm } from './verification-method.ts'

const PREFIX = 'did:key:'
const MULTIBASE = /^z[1-9A-HJ-NP-Za-km-z]+$/
const EXAMPLES = 'did:key:z6Mk… (Ed25519), did:key:zDn… (P-256) or did:key:zQ3s… (secp256k1)'

interface KeyType {
  /** What such a did:key holds. */
  content: string
  algorithm: SignatureAlgorithm
  /** The unsigned varint of the multicodec. */
  multicodec: readonly [number, number]
  /** The multibase of the first and the last string of bytes that may be a key. */
  lowest: string
  highest: string
  importKey(raw: Uint8Array): KeyObject
}

const ED25519_MULTICODEC = [0xed, 0x01] as const

/** The first byte of a compressed point tells which of two it is (SEC 1 §2.3.3). */
const COMPRESSED = { first: [0x02], last: [0x03] }

const KEY_TYPES: readonly KeyType[] = [
  {
    content: 'the 32 bytes of an Ed25519 key',
    algorithm: 'EdDSA',
    importKey: importEd25519PublicKey,
    ...range(ED25519_MULTICODEC),
  },
  {
    content: 'the 33 bytes of a compressed P-256 point',
    algorithm: 'ES256',
    importKey: importP256PublicKey,
    ...range([0x80, 0x24], COMPRESSED),
  },
  {
    content: 'the 33 bytes of a compressed secp256k1 point',
    algorithm: 'ES256K',
    importKey: importSecp256k1PublicKey,
    ...range([0xe7, 0x01], COMPRESSED),
  },
]

/**
 * The keys of a did:key (did:key §3.1): one method `did#multibase`, good for assertion and authentication. Points of P-256 and
 * secp256k1 are compressed.
 *
 * @throws DomainError as `canonicalDid` does; `did_malformed` also when the key is no point, of small order, or not canonical
 */
export function resolveDidKey(did: string): DidKeys {
  const name = did.slice(PREFIX.length)
  const { algorithm, multicodec, importKey } = typeOf(did)
  const id = `${did}#${name}`
  const publicKey = importKey(base58.decode(name.slice(1)).subarray(multicodec.length))
  const purposes = new Set(['assertionMethod', 'authentication'] as const)
  return { did, verificationMethods: new Map([[id, { id, algorithm, publicKey, purposes }]]) }
}

/**
 * The did:key of a raw 32-byte Ed25519 public key.
 *
 * @throws DomainError `did_malformed` when the key is none, of small order, or not canonical
 */
export function encodeDidKey(publicKey: Uint8Array): string {
  checkEd25519PublicKey(publicKey)
  return PREFIX + multibase(ED25519_MULTICODEC, publicKey)
}

/** `canonicalDid` for a value that begins with `did:key:`. */
export function canonicalKeyDid(did: string): string {
  typeOf(did)
  return did
}

/** The base58 alphabet stands in ASCII order, so strings of one length compare as the numbers they spell. */
function typeOf(did: string): KeyType {
  const name = did.slice(PREFIX.length)
  const type = KEY_TYPES.find(
    ({ lowest, highest }) => name.length === lowest.length && name >= lowest && name <= highest,
  )
  if (!type || !did.startsWith(PREFIX) || !MULTIBASE.test(name)) throw refusal(did, name)
  return type
}

function refusal(did: string, name: string): DomainError {
  if (!name.startsWith('z')) {
    return new DomainError('did_not_canonical', `${quote(did)} must spell its key in base58-btc: ${EXAMPLES}.`)
  }
  const bytes = decodeBase58(name.slice(1))
  if (bytes === undefined) return new DomainError('did_malformed', `${quote(did)} is not base58-btc after the "z".`)
  const type = KEY_TYPES.find(({ multicodec: [first, second] }) => bytes[0] === first && bytes[1] === second)
  if (!type) return new DomainError('did_method_unsupported', `${quote(did)} must hold a key like ${EXAMPLES}.`)
  return new DomainError('did_malformed', `${quote(did)} does not hold ${type.content}.`)
}

function decodeBase58(text: string): Uint8Array | undefined {
  try {
    return base58.decode(text)
  } catch {
    return undefined
  }
}

function range(multicodec: KeyType['multicodec'], { first, last } = { first: [] as number[], last: [] as number[] }) {
  return {
    multicodec,
    lowest: multibase(multicodec, Buffer.of(...first, ...Buffer.alloc(32))),
    highest: multibase(multicodec, Buffer.of(...last, ...Buffer.alloc(32, 0xff))),
  }
}

function multibase(multicodec: readonly number[], publicKey: Uint8Array): string {
  return `z${base58.encode(Uint8Array.from([...multicodec, ...publicKey]))}`
}
