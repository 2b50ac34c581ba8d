import type { StatusPurpose } from '@consulate/core'
import { lockName, lockTable, notify } from '@consulate/server'
import { type EntityManager, In, IsNull, MoreThan } from 'typeorm'
import type { Queries, Transaction } from '../ports.ts'
import type { Agent, IssuedCredential } from '../records.ts'
import {
  AgentEntity,
  CredentialEntity,
  HeadEntity,
  KillEntity,
  ListEntity,
  ListVersionEntity,
  RoleEntity,
  TransactionEntity,
} from './entities.ts'
import { saveRevocations } from './save-revocations.ts'

/** A statement takes so many parameters, and some more. */
const ROWS_AT_ONCE = 1_000

/** Announced when a head is signed. */
export const HEADS = 'heads'

export function writes(tx: EntityManager): Omit<Transaction, keyof Queries> {
  return {
    async putRole(role) {
      await lockName(tx, `role ${role.role}`)
      const isNew = !(await tx.existsBy(RoleEntity, { role: role.role }))
      await tx.save(RoleEntity, role)
      return isNew
    },
    lockHeads: () => lockName(tx, 'heads'),
    async lockAgent(did, now) {
      const [agent] = await tx.sql<Agent[]>`
        INSERT INTO agent (did, created_at) VALUES (${did}, ${now}) ON CONFLICT (did) DO UPDATE SET did = excluded.did
        RETURNING did, killed_at AS "killedAt", created_at AS "createdAt"`
      return agent!
    },
    killAgent: async (did, cutoff) => void (await tx.update(AgentEntity, { did }, { killedAt: cutoff })),
    addCredential: (credential) => addCredential(tx, credential),
    async saveStatus(ids, status) {
      for (let from = 0; from < ids.length; from += ROWS_AT_ONCE)
        await tx.update(CredentialEntity, { id: In(ids.slice(from, from + ROWS_AT_ONCE)) }, status)
    },
    holdIssuing: () => lockTable(tx, 'credential'),
    saveRevocations: (role, since, status) => saveRevocations(tx, role, since, status),
    addList: async (list) => void (await tx.insert(ListEntity, list)),
    takeCounters: (purpose, count) => takeCounters(tx, purpose, count),
    countOpenLists: (purpose) => tx.countBy(ListEntity, { purpose, open: true }),
    closeList: async (id) => void (await tx.update(ListEntity, { id }, { open: false })),
    closeLists: async () => void (await tx.update(ListEntity, { open: true }, { open: false })),
    addListVersion: async (version) => void (await tx.insert(ListVersionEntity, version)),
    addHead: async (head) => void (await tx.insert(HeadEntity, { ...head, signature: null, signer: null })),
    dropUnsignedHeads: async () => void (await tx.delete(HeadEntity, { signature: IsNull() })),
    async saveHeadSignature({ epoch, version }, signer, signature) {
      await tx.update(HeadEntity, { epoch, version, signature: IsNull() }, { signer, signature })
      await notify(tx, HEADS)
    },
    addKill: async (kill) => void (await tx.insert(KillEntity, { ...kill, signature: null, signer: null })),
    saveKillSignature: async (id, signer, signature) =>
      void (await tx.update(KillEntity, { id, signature: IsNull() }, { signer, signature })),
    addTransaction: async (transaction) => void (await tx.insert(TransactionEntity, transaction)),
    dropAnchorsBeyond: async ({ epoch, version }) =>
      void (await tx.update(
        TransactionEntity,
        { kind: 'anchor', epoch, version: MoreThan(version), state: In(['mined', 'final']) },
        { state: 'dropped' },
      )),
    saveTransactionState: async (hash, state, block) =>
      void (await tx.update(
        TransactionEntity,
        { hash },
        { state, ...(block && { block: block.block, blockHash: block.blockHash }) },
      )),
  }
}

async function takeCounters(tx: EntityManager, purpose: StatusPurpose, count: number) {
  await lockName(tx, `counters ${purpose}`)
  const order = { nextCounter: 'DESC', id: 'ASC' } as const
  const [list] = await tx.find(ListEntity, { where: { purpose, open: true }, order, take: 1 })
  if (!list) throw new Error(`no open ${purpose} list`)
  const first = list.nextCounter
  await tx.update(ListEntity, { id: list.id }, { nextCounter: first + count })
  return { ...list, first, nextCounter: first + count }
}

/** Without the entity, which costs more than the row: this is what issuing does most. */
async function addCredential(tx: EntityManager, row: IssuedCredential): Promise<void> {
  await tx.sql`
    INSERT INTO credential (
      id, agent, role, operator, valid_from, valid_until, payload, kid,
      revocation_list, revocation_index, suspension_list, suspension_index,
      issued_by, revoked_at, reason, suspended, changed_by, changed_epoch, changed_version)
    VALUES (
      ${row.id}, ${row.agent}, ${row.role}, ${row.operator}, ${row.validFrom}, ${row.validUntil}, ${row.payload}, ${row.kid},
      ${row.revocationList}, ${row.revocationIndex}, ${row.suspensionList}, ${row.suspensionIndex},
      ${row.issuedBy}, ${row.revokedAt}, ${row.reason}, ${row.suspended}, ${row.changedBy}, ${row.changedEpoch},
      ${row.changedVersion})`
}
