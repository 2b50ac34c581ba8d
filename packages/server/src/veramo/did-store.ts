import { DomainError } from '@consulate/core'
import type { IIdentifier, IService } from '@veramo/core-types'
import { AbstractDIDStore } from '@veramo/did-manager'
import type { EntityManager } from 'typeorm'
import type { Database } from '../db/database.ts'
import { isUniqueViolation } from '../db/unique-violation.ts'
import { ManagedDid, ManagedKey } from './entities.ts'
import { type StoredKey, toKey } from './stored-key.ts'

/** Where Veramo's DID manager keeps the DIDs that are controlled here. Aliases are unique. */
export class DidStore extends AbstractDIDStore {
  readonly #database: Database

  constructor(database: Database) {
    super()
    this.#database = database
  }

  /**
   * Saves a DID and its keys; a key no longer in the list keeps existing without a DID.
   *
   * @throws DomainError `invalid_request` when the alias is taken
   */
  async importDID({ did, provider, alias, controllerKeyId, keys, services }: IIdentifier): Promise<boolean> {
    const row = {
      did,
      provider,
      alias: alias ?? null,
      controllerKeyId: controllerKeyId ?? null,
      services: services ?? [],
    }
    await this.#database.transaction(async (tx) => {
      await tx.upsert(ManagedDid, row, ['did']).catch((cause) => {
        if (!isUniqueViolation(cause)) throw cause
        throw new DomainError('invalid_request', `Another DID has the alias ${alias}: choose another alias.`)
      })
      await tx.update(ManagedKey, { did }, { did: null })
      for (const { kid, kms, type, publicKeyHex, meta } of keys) {
        await tx.upsert(ManagedKey, { kid, kms, type, publicKeyHex, meta: meta ?? null, did }, ['kid'])
      }
    })
    return true
  }

  /** @throws DomainError `not_found` */
  async getDID({ did, alias }: { did?: string; alias?: string }): Promise<IIdentifier> {
    const { read } = this.#database
    const [row] =
      did === undefined
        ? await read.sql<StoredDid[]>`SELECT * FROM managed_did WHERE alias = ${alias ?? ''}`
        : await read.sql<StoredDid[]>`SELECT * FROM managed_did WHERE did = ${did}`
    if (!row) throw new DomainError('not_found', `${did ?? `The alias ${alias}`} names no DID that is managed here.`)
    return toIdentifier(read, row)
  }

  /** Adds a key that is kept already; which key controls the DID stays as it is. */
  async addKey(did: string, kid: string): Promise<void> {
    await this.#database.transaction((tx) => tx.update(ManagedKey, { kid }, { did }))
  }

  /** Null when no key that is kept here controls the DID. */
  async setController(did: string, controllerKeyId: string | null): Promise<void> {
    await this.#database.transaction((tx) => tx.update(ManagedDid, { did }, { controllerKeyId }))
  }

  async deleteDID({ did }: { did: string }): Promise<boolean> {
    return this.#database.transaction(async (tx) => {
      await tx.update(ManagedKey, { did }, { did: null })
      const { affected } = await tx.delete(ManagedDid, { did })
      return affected === 1
    })
  }

  async listDIDs({ alias, provider }: { alias?: string; provider?: string } = {}): Promise<IIdentifier[]> {
    const { read } = this.#database
    const rows = await read.sql<StoredDid[]>`SELECT * FROM managed_did ORDER BY did`
    const wanted = rows.filter(
      (row) => (alias === undefined || row.alias === alias) && (provider === undefined || row.provider === provider),
    )
    return Promise.all(wanted.map((row) => toIdentifier(read, row)))
  }
}

interface StoredDid {
  did: string
  provider: string
  alias: string | null
  controller_key_id: string | null
  services: string
}

async function toIdentifier(read: EntityManager, row: StoredDid): Promise<IIdentifier> {
  const keys = await read.sql<StoredKey[]>`
    SELECT kid, kms, type, public_key_hex, meta FROM managed_key WHERE did = ${row.did} ORDER BY kid`
  return {
    did: row.did,
    provider: row.provider,
    ...(row.alias === null ? {} : { alias: row.alias }),
    ...(row.controller_key_id === null ? {} : { controllerKeyId: row.controller_key_id }),
    keys: keys.map(toKey),
    services: JSON.parse(row.services) as IService[],
  }
}
