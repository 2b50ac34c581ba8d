import { createPrivateKey, type KeyObject } from 'node:crypto'
import { DomainError } from '@consulate/core'
import type { IKey, ManagedKeyInfo, MinimalImportableKey } from '@veramo/core-types'
import { AbstractKeyManagementSystem } from '@veramo/key-manager'
import { LRUCache } from 'lru-cache'
import type { Database } from '../db/database.ts'
import { isUniqueViolation } from '../db/unique-violation.ts'
import { SealedKey, type SealedKeyRow } from './entities.ts'
import { assertKeyType, generatePrivateKey, importPrivateKey, type KeyType, publicKeyHex } from './private-key.ts'
import type { SealContext, Sealer } from './sealer.ts'
import { algorithmsOf, signWith } from './sign.ts'

/** The name under which the agent knows this key management system. */
export const KMS_NAME = 'local'

interface LoadedKey {
  type: KeyType
  key: KeyObject
}

const VERSION = 1
const CACHED_KEYS = 1_000

/** Veramo's key management on node:crypto: keys are sealed in the database and never given out. */
export class NodeKms extends AbstractKeyManagementSystem {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #cache = new LRUCache<string, LoadedKey>({ max: CACHED_KEYS })

  constructor(database: Database, sealer: Sealer) {
    super()
    this.#database = database
    this.#sealer = sealer
  }

  async createKey({ type, kid }: { type: string; kid?: string }): Promise<ManagedKeyInfo> {
    assertKeyType(type)
    return this.#keep(type, generatePrivateKey(type), kid)
  }

  async importKey({ type, privateKeyHex, kid }: Omit<MinimalImportableKey, 'kms'>): Promise<ManagedKeyInfo> {
    assertKeyType(type)
    return this.#keep(type, importPrivateKey(type, privateKeyHex), kid)
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const rows = await this.#database.read.find(SealedKey, { select: { kid: true, type: true, publicKeyHex: true } })
    return rows.map(({ kid, type, publicKeyHex }) => keyInfo(kid, type as KeyType, publicKeyHex))
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    const { affected } = await this.#database.transaction((tx) => tx.delete(SealedKey, { kid }))
    this.#cache.delete(kid)
    return affected === 1
  }

  /** @throws DomainError `key_not_found`, `algorithm_not_allowed` */
  async sign(args: { keyRef: Pick<IKey, 'kid'>; algorithm?: string; data: Uint8Array }): Promise<string> {
    const { type, key } = this.#cache.get(args.keyRef.kid) ?? (await this.#load(args.keyRef.kid))
    return signWith(type, key, args.data, args.algorithm)
  }

  async sharedSecret(): Promise<string> {
    throw new DomainError('algorithm_not_allowed', 'The keys kept here sign; they agree on no shared secrets.')
  }

  async #keep(type: KeyType, key: KeyObject, name?: string): Promise<ManagedKeyInfo> {
    const info = keyInfo(name ?? publicKeyHex(key), type, publicKeyHex(key))
    const row = { kid: info.kid, type, publicKeyHex: info.publicKeyHex, version: VERSION }
    const der = key.export({ format: 'der', type: 'pkcs8' })
    const sealed = this.#sealer.seal(contextOf(row), der)
    der.fill(0)
    await this.#database.transaction(async (tx) => {
      await tx.insert(SealedKey, { ...row, sealed }).catch((cause) => {
        if (!isUniqueViolation(cause)) throw cause
        throw new DomainError('invalid_request', `A key named ${info.kid} is kept already: choose another kid.`)
      })
    })
    return info
  }

  async #load(kid: string): Promise<LoadedKey> {
    const row = await this.#database.read.findOneBy(SealedKey, { kid })
    if (!row) throw new DomainError('key_not_found', `No key named ${kid} is kept here.`)
    const der = this.#sealer.open(contextOf(row), row.sealed)
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    der.fill(0)
    const loaded = { type: row.type as KeyType, key }
    this.#cache.set(kid, loaded)
    return loaded
  }
}

/** A key belongs to its public key, whichever DID it signs for: a value moved to another row does not open. */
function contextOf({ kid, type, publicKeyHex, version }: Omit<SealedKeyRow, 'sealed'>): SealContext {
  return { kind: `key:${type}`, owner: publicKeyHex, id: kid, version }
}

function keyInfo(kid: string, type: KeyType, publicKeyHex: string): ManagedKeyInfo {
  return { kid, kms: KMS_NAME, type, publicKeyHex, meta: { algorithms: algorithmsOf(type) } }
}
