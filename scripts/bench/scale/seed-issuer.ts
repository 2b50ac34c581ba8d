import { randomBytes, randomUUID } from 'node:crypto'
import {
  bitstringDigest,
  buildRoleCredential,
  emptyBitstring,
  encodeBitstring,
  encodeDidKey,
  parseEthrDid,
  type StatusPurpose,
} from '@consulate/core'
import { migrations } from '@consulate/migrations/issuer'
import { type Database, openDatabase } from '@consulate/server'
import { AgentEntity, CredentialEntity, entities } from '../../../packages/issuer/src/adapters/entities.ts'
import { createStore } from '../../../packages/issuer/src/adapters/store.ts'
import type { Store } from '../../../packages/issuer/src/ports.ts'
import type { IssuedCredential } from '../../../packages/issuer/src/records.ts'
import { appendHead, nextHead } from '../../../packages/issuer/src/use-cases/append-head.ts'
import { changeStatus } from '../../../packages/issuer/src/use-cases/change-status.ts'
import { changeTogether } from '../../../packages/issuer/src/use-cases/change-together.ts'

/** Indices that a list gives out before it is closed. */
const PER_LIST = 91_750
const ROWS_AT_ONCE = 500

/** Unless the past says otherwise one of so many was revoked, each by a call, and so a head and a list version, of its own. */
const REVOKED_OF = 100

interface Past {
  url: string
  issuer: string
  kid: string
  role: string
  credentials: number
  revokedOf?: number
}

/**
 * Puts a past into the database of an issuer that does not run: agents with one credential each, in lists that are closed.
 * Resolves to the agents whose credential is not revoked.
 */
export async function seedIssuer(databaseUrl: string, past: Past): Promise<string[]> {
  const { revokedOf = REVOKED_OF } = past
  const database = await openDatabase({ url: databaseUrl, entities, migrations })
  const store = createStore(database)
  const clock = { now: () => Math.floor(Date.now() / 1000), nowMs: Date.now }
  const ctx = {
    clock,
    identity: { address: parseEthrDid(past.issuer).address, assertMaySign() {} } as never,
  }
  const active: string[] = []
  const revoked: IssuedCredential[] = []
  try {
    for (let first = 0; first < past.credentials; first += PER_LIST) {
      const lists = await addClosedLists(store, ctx, past.url)
      const end = Math.min(first + PER_LIST, past.credentials)
      for (let from = first; from < end; from += ROWS_AT_ONCE) {
        const size = Math.min(ROWS_AT_ONCE, end - from)
        const rows = Array.from({ length: size }, (_, at) => credential(past, lists, from + at - first, clock.now()))
        await insert(database, rows)
        for (const [at, row] of rows.entries())
          if ((from + at + 1) % revokedOf === 0) revoked.push(row)
          else active.push(row.agent)
      }
    }
    const change = changeTogether({ store, ...ctx })
    const to = { revoked: true as const, reason: undefined }
    for (const row of revoked) await change((tx, head) => changeStatus(ctx, tx, head, [row], to, 'bench'))
  } finally {
    await database.close()
  }
  return active
}

type Lists = Record<StatusPurpose, { id: string; url: string }>

async function addClosedLists(store: Store, ctx: Parameters<typeof nextHead>[0], url: string): Promise<Lists> {
  const list = () => {
    const id = randomUUID()
    return { id, url: `${url}/status-lists/${id}` }
  }
  const lists = { revocation: list(), suspension: list() }
  const bits = emptyBitstring()
  await store.transaction(async (tx) => {
    const head = await nextHead(ctx, tx)
    for (const [purpose, { id, url }] of Object.entries(lists) as [StatusPurpose, Lists[StatusPurpose]][]) {
      await tx.addList({ id, url, purpose, open: false, nextCounter: PER_LIST, createdAt: ctx.clock.now() })
      const version = { encodedList: encodeBitstring(bits), digest: bitstringDigest(bits) }
      await tx.addListVersion({ list: id, version: 1, ...version, epoch: head.epoch, headVersion: head.version })
    }
    await appendHead(tx, head)
  })
  return lists
}

function credential(past: Past, lists: Lists, index: number, now: number): IssuedCredential {
  const grant = {
    id: `urn:uuid:${randomUUID()}`,
    issuer: past.issuer,
    agent: randomDidKey(),
    role: past.role,
    operator: 'ops@retailer.example',
    validFrom: now,
    validUntil: now + 86_400,
  }
  const status = { list: lists.revocation.url, index }
  const document = buildRoleCredential({
    ...grant,
    sensitivity: 'high',
    status: { revocation: status, suspension: { list: lists.suspension.url, index } },
  })
  const { issuer: _, ...columns } = grant
  return {
    ...columns,
    payload: JSON.stringify(document),
    kid: past.kid,
    revocationList: lists.revocation.id,
    revocationIndex: index,
    suspensionList: lists.suspension.id,
    suspensionIndex: index,
    issuedBy: 'bench',
    revokedAt: null,
    reason: null,
    suspended: false,
    changedBy: null,
    changedEpoch: null,
    changedVersion: null,
  }
}

/** Nobody has its key. */
function randomDidKey(): string {
  const publicKey = randomBytes(32)
  publicKey[31]! &= 0x3f
  return encodeDidKey(publicKey)
}

async function insert(database: Database, rows: IssuedCredential[]): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.insert(
      AgentEntity,
      rows.map(({ agent, validFrom }) => ({ did: agent, killedAt: null, createdAt: validFrom })),
    )
    await tx.insert(CredentialEntity, rows)
  })
}
