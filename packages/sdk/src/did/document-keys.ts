import type { KeyObject } from 'node:crypto'
import {
  type DidKeys,
  DomainError,
  importEd25519PublicKey,
  importP256PublicKey,
  importSecp256k1PublicKey,
  type ProofPurpose,
  type SignatureAlgorithm,
  type VerificationMethod,
} from '@consulate/core'
import { base58 } from '@scure/base'
import type { DIDDocument, VerificationMethod as DocumentMethod } from 'did-resolver'

/** The part of a DID document that says which keys there are, and for what. */
export type KeyDocument = Pick<DIDDocument, 'id' | 'verificationMethod' | 'authentication' | 'assertionMethod'>

type Key = { algorithm: SignatureAlgorithm; publicKey: KeyObject } | { algorithm: 'ES256K'; account: `0x${string}` }

const PURPOSES: ProofPurpose[] = ['assertionMethod', 'authentication']

/** The keys of a resolved DID document, imported; those of a kind that nothing here verifies are left out. */
export function documentKeys(did: string, document: KeyDocument): DidKeys {
  if (document.id !== did) throw new DomainError('did_unresolvable', `${did} resolved to a document of ${document.id}.`)
  const verificationMethods = new Map<string, VerificationMethod>()
  for (const method of methodsOf(document)) {
    const id = absolute(did, method.id)
    if (method.controller !== did || verificationMethods.has(id)) continue
    const key = importKey(method)
    if (key) verificationMethods.set(id, { id, purposes: purposesOf(did, document, id), ...key })
  }
  return { did, verificationMethods }
}

/** Those listed, then those that stand where they are used (DID Core §5.3). */
function methodsOf(document: KeyDocument): DocumentMethod[] {
  const used = PURPOSES.flatMap((purpose) => document[purpose] ?? [])
  return [...(document.verificationMethod ?? []), ...used.filter((entry) => typeof entry !== 'string')]
}

function purposesOf(did: string, document: KeyDocument, id: string): Set<ProofPurpose> {
  const names = (purpose: ProofPurpose) =>
    (document[purpose] ?? []).map((entry) => absolute(did, typeof entry === 'string' ? entry : entry.id))
  return new Set(PURPOSES.filter((purpose) => names(purpose).includes(id)))
}

function absolute(did: string, id: string): string {
  return id.startsWith('#') ? `${did}${id}` : id
}

function importKey(method: DocumentMethod): Key | undefined {
  switch (method.type) {
    case 'Ed25519VerificationKey2018':
    case 'Ed25519VerificationKey2020': {
      if (method.publicKeyMultibase) return importMultikey(method.publicKeyMultibase)
      const raw = rawKey(method)
      return raw && ed25519(raw)
    }
    case 'EcdsaSecp256k1VerificationKey2019': {
      if (method.publicKeyJwk) return importJwk(method.publicKeyJwk)
      const raw = rawKey(method)
      return raw && secp256k1(raw)
    }
    case 'EcdsaSecp256k1RecoveryMethod2020': {
      const account = /^eip155:\d+:(0x[0-9a-f]{40})$/.exec(method.blockchainAccountId?.toLowerCase() ?? '')?.[1]
      return account ? { algorithm: 'ES256K', account: account as `0x${string}` } : undefined
    }
    case 'JsonWebKey':
    case 'JsonWebKey2020':
      return method.publicKeyJwk && importJwk(method.publicKeyJwk)
    case 'Multikey':
      return method.publicKeyMultibase ? importMultikey(method.publicKeyMultibase) : undefined
    default:
      return undefined
  }
}

const ed25519 = (raw: Uint8Array): Key => ({ algorithm: 'EdDSA', publicKey: importEd25519PublicKey(raw) })
const p256 = (raw: Uint8Array): Key => ({ algorithm: 'ES256', publicKey: importP256PublicKey(raw) })
const secp256k1 = (raw: Uint8Array): Key => ({ algorithm: 'ES256K', publicKey: importSecp256k1PublicKey(raw) })

function importJwk({ kty, crv, x, y }: NonNullable<DocumentMethod['publicKeyJwk']>): Key | undefined {
  const coordinates = [x, y].map((value) => Buffer.from(typeof value === 'string' ? value : '', 'base64url'))
  if (kty === 'OKP' && crv === 'Ed25519') return ed25519(coordinates[0]!)
  const point = Buffer.concat([Buffer.of(4), ...coordinates])
  if (kty === 'EC' && crv === 'P-256') return p256(point)
  return kty === 'EC' && crv === 'secp256k1' ? secp256k1(point) : undefined
}

/** The multicodec prefixes of Multikey (CID 1.0 §2.2.2), as they are written: unsigned varints. */
const MULTICODECS: Record<string, (raw: Uint8Array) => Key> = { ed01: ed25519, '8024': p256, e701: secp256k1 }

function importMultikey(multibase: string): Key | undefined {
  if (!/^z[1-9A-HJ-NP-Za-km-z]+$/.test(multibase)) return undefined
  const bytes = Buffer.from(base58.decode(multibase.slice(1)))
  return MULTICODECS[bytes.toString('hex', 0, 2)]?.(bytes.subarray(2))
}

function rawKey({ publicKeyHex, publicKeyBase58, publicKeyBase64 }: DocumentMethod): Uint8Array | undefined {
  if (publicKeyHex) return Buffer.from(publicKeyHex.replace(/^0x/, ''), 'hex')
  if (publicKeyBase58) return base58.decode(publicKeyBase58)
  return publicKeyBase64 ? Buffer.from(publicKeyBase64, 'base64') : undefined
}
