import { createPrivateKey } from 'node:crypto'
import { createSealer } from '@consulate/server'
import Sqlite from 'better-sqlite3'
import type { Hex } from 'viem'
import type { System } from './start-system.ts'

/** The private key that controls the issuer's DID, taken from the issuer's own database with its root key. */
export function ownerKey({ env, issuer }: System): Hex {
  const database = new Sqlite(env.CONSULATE_ISSUER_DATABASE_URL!.replace('sqlite:', ''), { readonly: true })
  const row = database
    .prepare(
      `SELECT s.kid, s.type, s.public_key_hex AS owner, s.version, s.sealed
       FROM managed_did d JOIN sealed_key s ON s.kid = d.controller_key_id WHERE d.did = ?`,
    )
    .get(issuer.did) as { kid: string; type: string; owner: string; version: number; sealed: Buffer }
  database.close()
  const sealer = createSealer(Buffer.from(env.CONSULATE_MASTER_KEY!, 'base64url'))
  const { kid: id, type, owner, version, sealed } = row
  const der = sealer.open({ kind: `key:${type}`, owner, id, version }, sealed)
  const { d } = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' })
  return `0x${Buffer.from(d!, 'base64url').toString('hex')}`
}
