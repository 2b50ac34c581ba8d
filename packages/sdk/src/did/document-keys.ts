import {
  type DidKeys,
  DomainError,
  importEd25519PublicKey,
  importSecp256k1PublicKey,
  type ProofPurpose,
  type VerificationMethod,
} from '@consulate/core'
import { base58 } from '@scure/base'
import type { DIDDocument, VerificationMethod as DocumentMethod } from 'did-resolver'

const PURPOSES: ProofPurpose[] = ['assertionMethod', 'authentication']

/** The keys of a resolved DID document, imported; those of a kind that nothing here verifies are left out. */
export function documentKeys(did: string, document: DIDDocument): DidKeys {
  if (document.id !== did) throw new DomainError('did_unresolvable', `${did} resolved to a document of ${document.id}.`)
  const methods = (document.verificationMethod ?? []).flatMap((method) => {
    const imported = importMethod(did, document, method)
    return imported ? [[imported.id, imported] as const] : []
  })
  return { did, verificationMethods: new Map(methods) }
}

function importMethod(did: string, document: DIDDocument, method: DocumentMethod): VerificationMethod | undefined {
  if (method.controller !== did) return undefined
  const id = absolute(did, method.id)
  const purposes = new Set(
    PURPOSES.filter((purpose) => (document[purpose] ?? []).some((entry) => isMethod(did, entry, id))),
  )
  switch (method.type) {
    case 'Ed25519VerificationKey2018':
    case 'Ed25519VerificationKey2020': {
      const raw = rawKey(method)
      return raw && { id, algorithm: 'EdDSA', publicKey: importEd25519PublicKey(raw), purposes }
    }
    case 'EcdsaSecp256k1RecoveryMethod2020': {
      const account = /^eip155:\d+:(0x[0-9a-f]{40})$/.exec(method.blockchainAccountId?.toLowerCase() ?? '')?.[1]
      return account ? { id, algorithm: 'ES256K', account: account as `0x${string}`, purposes } : undefined
    }
    case 'EcdsaSecp256k1VerificationKey2019': {
      const raw = rawKey(method)
      return raw && { id, algorithm: 'ES256K', publicKey: importSecp256k1PublicKey(raw), purposes }
    }
    default:
      return undefined
  }
}

function isMethod(did: string, entry: string | DocumentMethod, id: string): boolean {
  return absolute(did, typeof entry === 'string' ? entry : entry.id) === id
}

function absolute(did: string, id: string): string {
  return id.startsWith('#') ? `${did}${id}` : id
}

function rawKey({ publicKeyHex, publicKeyBase58, publicKeyBase64 }: DocumentMethod): Uint8Array | undefined {
  if (publicKeyHex) return Buffer.from(publicKeyHex.replace(/^0x/, ''), 'hex')
  if (publicKeyBase58) return base58.decode(publicKeyBase58)
  return publicKeyBase64 ? Buffer.from(publicKeyBase64, 'base64') : undefined
}
