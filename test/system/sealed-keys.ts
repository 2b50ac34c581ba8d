import { createPrivateKey, type KeyObject } from 'node:crypto'
import { createSealer } from '@consulate/server'
import Sqlite from 'better-sqlite3'
import type { Hex } from 'viem'
import { publicKeyToAddress } from 'viem/utils'
import type { Signer } from './forge.ts'
import type { System } from './start-system.ts'
import { databasePath } from './stored-state.ts'

export interface OpenedKey {
  kid: string
  publicKeyHex: string
  privateKey: KeyObject
}

/** The private keys of a service, which only its root key opens. */
export function openSealedKeys(env: Record<string, string>, service: string): OpenedKey[] {
  const rows = sealedRows(env, service, 'sealed_key') as (SealedRow & { kid: string; public_key_hex: string })[]
  const sealer = sealerOf(env)
  return rows.map(({ kid, type, public_key_hex: publicKeyHex, version, sealed }) => {
    const key = sealer.open({ kind: `key:${type}`, owner: publicKeyHex, id: kid, version }, sealed)
    return { kid, publicKeyHex, privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }) }
  })
}

/** The private key that controls the issuer's DID. */
export function ownerKey({ env, issuer }: System): Hex {
  const owner = openSealedKeys(env, 'ISSUER').find(({ privateKey, publicKeyHex }) => {
    if (privateKey.asymmetricKeyType !== 'ec') return false
    return issuer.did.endsWith(publicKeyToAddress(`0x${publicKeyHex}`).toLowerCase())
  })
  const { d } = owner!.privateKey.export({ format: 'jwk' })
  return `0x${Buffer.from(d!, 'base64url').toString('hex')}`
}

/** The other secrets of a service, such as the permutations of its lists. */
export function openSealedSecrets(env: Record<string, string>, service: string): { name: string; secret: Buffer }[] {
  const rows = sealedRows(env, service, 'sealed_secret') as (SealedRow & { kind: string; id: string })[]
  const sealer = sealerOf(env)
  return rows.map(({ kind, id, version, sealed }) => ({
    name: `${kind} ${id}`,
    secret: sealer.open({ kind: `secret:${kind}`, owner: 'service', id, version }, sealed),
  }))
}

/** The key that signed this credential, in the hands of somebody who broke into the issuer. */
export function issuerSigner(env: Record<string, string>, credential: string): Signer {
  const { kid } = JSON.parse(Buffer.from(credential.split('.')[0]!, 'base64url').toString())
  const { privateKey } = openSealedKeys(env, 'ISSUER').find((key) => key.privateKey.asymmetricKeyType === 'ed25519')!
  return { did: kid.split('#')[0], kid, privateKey }
}

interface SealedRow {
  type: string
  version: number
  sealed: Buffer
}

function sealedRows(env: Record<string, string>, service: string, table: string): unknown[] {
  const database = new Sqlite(databasePath(env, service), { readonly: true })
  const rows = database.prepare(`SELECT * FROM ${table}`).all()
  database.close()
  return rows
}

function sealerOf(env: Record<string, string>) {
  return createSealer(Buffer.from(env.CONSULATE_MASTER_KEY!, 'base64url'))
}
