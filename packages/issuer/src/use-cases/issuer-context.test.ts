import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coalesce, createLogger, recent } from '@consulate/server'
import type { DatabaseKind } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createListSecrets } from '../adapters/list-secrets.ts'
import { openStatusStream } from '../adapters/status-stream.ts'
import { createStore } from '../adapters/store.ts'
import type { IssuerIdentity, SignedLists, Store } from '../ports.ts'
import { changeTogether } from './change-together.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { readHead } from './read-head.ts'

/** Lists keep theirs from one process to the next. */
const secret = randomBytes(32)

const DID = 'did:ethr:0x7a69:0x1111111111111111111111111111111111111111'

/** For tests of what is stored and in which order: its signatures are none. */
export const unsignedIdentity: IssuerIdentity = {
  did: DID,
  address: '0x1111111111111111111111111111111111111111',
  kid: `${DID}#delegate-1`,
  signCredential: async (credential) => JSON.stringify(credential),
  signStatement: async (_typ, claims) => JSON.stringify(claims),
  tokenLength: (payload) => payload.length,
  signHead: async () => ({ signer: '0x11', signature: '0x22' }),
  signKill: async () => ({ signer: '0x11', signature: '0x22' }),
  signOpening: async () => ({ signer: '0x11', signature: '0x22' }),
  assertMaySign() {},
}

/** What an issuer's process is made of that has just started, but for its chain; `now` in seconds. */
export function issuerContext(store: Store, now: () => number, identity = unsignedIdentity) {
  const clock = { now, nowMs: () => now() * 1000 }
  const signedLists: SignedLists = new Map()
  return {
    store,
    identity,
    clock,
    signedLists,
    changeTogether: changeTogether({ store, clock, identity }),
    stream: openStatusStream(),
    pushing: coalesce(),
    publishing: coalesce(),
    newestHead: recent(0, () => readHead({ store, identity, clock })),
    reserve: new Map(),
    reserving: coalesce(),
    secrets: createListSecrets({ getOrCreate: async () => secret }),
    metrics: { issued() {}, revoked() {}, paid() {} },
    random: { uuid: randomUUID },
    config: { publicUrl: 'https://issuer.example' },
    logger: createLogger('test', 'silent'),
  }
}

/** The same on a database of its own, with its first lists and head and with these roles. */
export async function startedIssuer(
  kind: DatabaseKind,
  now: () => number,
  { roles, maxValiditySeconds }: { roles: string[]; maxValiditySeconds: number },
) {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-issuer-'))
  const database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder) })
  const store = createStore(database)
  const context = issuerContext(store, now)
  await ensureOpenLists(context)
  await publishHeads(context)
  for (const role of roles) {
    const definition = { role, description: 'x', maxValiditySeconds, sensitivity: 'low' as const }
    await store.transaction((tx) => tx.putRole({ ...definition, claimsSchema: null, changedBy: 'bootstrap' }))
  }
  return {
    database,
    store,
    context,
    async stop() {
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
}
