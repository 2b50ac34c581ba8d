import { DomainError } from '@consulate/core'
import type { IKey, ManagedKeyInfo } from '@veramo/core-types'
import { AbstractKeyStore } from '@veramo/key-manager'
import type { Database } from '../db/database.ts'
import { ManagedKey } from './entities.ts'
import { type StoredKey, toKey } from './stored-key.ts'

/** Where Veramo's key manager looks up public keys and who keeps their private side. */
export class KeyStore extends AbstractKeyStore {
  readonly #database: Database

  constructor(database: Database) {
    super()
    this.#database = database
  }

  async importKey({ kid, kms, type, publicKeyHex, meta }: ManagedKeyInfo): Promise<boolean> {
    const row = { kid, kms, type, publicKeyHex, meta: meta ?? null }
    await this.#database.transaction((tx) => tx.upsert(ManagedKey, row, ['kid']))
    return true
  }

  /** @throws DomainError `key_not_found` */
  async getKey({ kid }: { kid: string }): Promise<IKey> {
    const [row] = await this.#database.read.sql<StoredKey[]>`
      SELECT kid, kms, type, public_key_hex, meta FROM managed_key WHERE kid = ${kid}`
    if (!row) throw new DomainError('key_not_found', `No key named ${kid} is managed here.`)
    return toKey(row)
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    const { affected } = await this.#database.transaction((tx) => tx.delete(ManagedKey, { kid }))
    return affected === 1
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const rows = await this.#database.read.sql<StoredKey[]>`
      SELECT kid, kms, type, public_key_hex, meta FROM managed_key ORDER BY kid`
    return rows.map(toKey)
  }
}
