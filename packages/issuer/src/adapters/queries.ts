import type { StatusEntry } from '@consulate/core'
import { findPage } from '@consulate/server'
import { type EntityManager, In, IsNull, LessThanOrEqual, MoreThan, MoreThanOrEqual, Not } from 'typeorm'
import type { HeadPlace, ListChange, Queries, SignedHead } from '../ports.ts'
import type { ListVersion, Role } from '../records.ts'
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

const STATUS_PLACE = {
  id: true,
  validFrom: true,
  revokedAt: true,
  suspended: true,
  revocationList: true,
  revocationIndex: true,
  suspensionList: true,
  suspensionIndex: true,
} as const
const NEWEST_HEAD = { epoch: 'DESC', version: 'DESC' } as const

export function queries(manager: () => EntityManager): Queries {
  return {
    findRole: (role) => findRole(manager(), role),
    listRoles: (page) => findPage(manager(), RoleEntity, 'role', page),
    findAgent: async (did) => (await manager().findOneBy(AgentEntity, { did })) ?? undefined,
    listAgents: (page) => findPage(manager(), AgentEntity, 'did', page),
    findCredential: async (id) => (await manager().findOneBy(CredentialEntity, { id })) ?? undefined,
    credentialsOf: (agent, page) => credentialsOf(manager(), agent, page),
    unexpiredOf: (agent, role, since) =>
      manager().find(CredentialEntity, {
        select: STATUS_PLACE,
        where: { agent, ...(role !== undefined && { role }), validUntil: MoreThanOrEqual(since) },
        order: { validFrom: 'ASC', id: 'ASC' },
      }),
    everHeld: (agent, role) => manager().existsBy(CredentialEntity, { agent, role }),
    findList: async (id) => (await manager().findOneBy(ListEntity, { id })) ?? undefined,
    listVersion: (list, head) => newestVersion(manager(), list, head),
    entriesAt: (head) => entriesAt(manager(), head),
    lastHead: async () => (await manager().find(HeadEntity, { order: NEWEST_HEAD, take: 1 }))[0],
    lastSignedHead: async () =>
      (await manager().find(HeadEntity, { where: { signature: Not(IsNull()) }, order: NEWEST_HEAD, take: 1 }))[0],
    headAt: async ({ epoch, version }) => (await manager().findOneBy(HeadEntity, { epoch, version })) ?? undefined,
    signedHeadAt: async (time) =>
      (
        await manager().find(HeadEntity, {
          where: { signature: Not(IsNull()), issuedAt: LessThanOrEqual(time) },
          order: { issuedAt: 'DESC', epoch: 'DESC', version: 'DESC' },
          take: 1,
        })
      )[0],
    signedHeadsBetween: (after, upTo, most) => signedHeadsBetween(manager(), after, upTo, most),
    changesAt: (head) => changesAt(manager(), head),
    signedHeadAfter: async (time) =>
      (
        await manager().find(HeadEntity, {
          where: { signature: Not(IsNull()), issuedAt: MoreThan(time) },
          order: { issuedAt: 'ASC', epoch: 'ASC', version: 'ASC' },
          take: 1,
        })
      )[0],
    unsignedHeads: (most) =>
      manager().find(HeadEntity, {
        where: { signature: IsNull() },
        order: { epoch: 'ASC', version: 'ASC' },
        take: most,
      }),
    unsignedKills: (most) =>
      manager().find(KillEntity, { where: { signature: IsNull() }, order: { createdAt: 'ASC' }, take: most }),
    unsentKills: () =>
      manager()
        .createQueryBuilder(KillEntity, 'k')
        .where('k.signature IS NOT NULL')
        .andWhere(
          `NOT EXISTS (SELECT 1 FROM chain_transaction t WHERE t.subject = k.id AND t.state IN ('sent', 'mined', 'final'))`,
        )
        .andWhere(
          'NOT EXISTS (SELECT 1 FROM status_kill n WHERE n.agent = k.agent AND n.cutoff > k.cutoff AND n.signature IS NOT NULL)',
        )
        .orderBy('k.createdAt', 'ASC')
        .getMany(),
    listKills: () => manager().find(KillEntity, { order: { createdAt: 'ASC', id: 'ASC' } }),
    findKill: async (agent) =>
      (await manager().find(KillEntity, { where: { agent }, order: { cutoff: 'DESC' }, take: 1 }))[0],
    transactionsIn: (states) =>
      manager().find(TransactionEntity, { where: { state: In(states) }, order: { createdAt: 'ASC' } }),
    anchorOf: async ({ epoch, version }) =>
      (
        await manager().find(TransactionEntity, {
          where: { kind: 'anchor', epoch, version: MoreThanOrEqual(version), state: In(['mined', 'final']) },
          order: { version: 'ASC' },
          take: 1,
        })
      )[0],
    transactionOf: async (subject) =>
      (
        await manager().find(TransactionEntity, {
          where: { subject, state: Not('dropped') },
          order: { createdAt: 'DESC' },
          take: 1,
        })
      )[0],
    lastTransaction: async () =>
      (await manager().find(TransactionEntity, { order: { createdAt: 'DESC', nonce: 'DESC' }, take: 1 }))[0],
    newestLists: (purpose, most) =>
      manager().find(ListEntity, { where: { purpose }, order: { createdAt: 'DESC', id: 'ASC' }, take: most }),
    revocationIndices: async (list) => {
      const rows = await manager().sql<{ index: number }[]>`
        SELECT revocation_index AS "index" FROM credential WHERE revocation_list = ${list}`
      return rows.map(({ index }) => index)
    },
  }
}

async function credentialsOf(
  manager: EntityManager,
  agent: string,
  { after, limit }: Parameters<Queries['credentialsOf']>[1],
) {
  const page = { order: { validFrom: 'ASC', id: 'ASC' }, take: limit } as const
  if (after === undefined) return manager.find(CredentialEntity, { where: { agent }, ...page })
  const last = await manager.findOneBy(CredentialEntity, { agent, id: after })
  if (!last) return []
  const { validFrom, id } = last
  const where = [
    { agent, validFrom: MoreThan(validFrom) },
    { agent, validFrom, id: MoreThan(id) },
  ]
  return manager.find(CredentialEntity, { where, ...page })
}

/** Each credential that is issued asks for its role. */
async function findRole(manager: EntityManager, name: string): Promise<Role | undefined> {
  const [row] = await manager.sql<(Omit<Role, 'claimsSchema'> & { claimsSchema: string | null })[]>`
    SELECT role, description, max_validity_seconds AS "maxValiditySeconds", sensitivity,
      claims_schema AS "claimsSchema", changed_by AS "changedBy"
    FROM role WHERE role = ${name}`
  if (!row) return undefined
  const claimsSchema = row.claimsSchema === null ? null : JSON.parse(row.claimsSchema)
  return { ...row, maxValiditySeconds: Number(row.maxValiditySeconds), claimsSchema }
}

async function newestVersion(
  manager: EntityManager,
  list: string,
  head: { epoch: number; version: number } | undefined,
): Promise<ListVersion | undefined> {
  const query = manager
    .createQueryBuilder(ListVersionEntity, 'v')
    .where('v.list = :list', { list })
    .orderBy('v.version', 'DESC')
    .limit(1)
  if (head) query.andWhere('(v.epoch < :epoch OR (v.epoch = :epoch AND v.headVersion <= :version))', head)
  return (await query.getOne()) ?? undefined
}

/** One look-up a list, however many versions it has had. */
async function entriesAt(manager: EntityManager, head: { epoch: number; version: number }): Promise<StatusEntry[]> {
  const { epoch, version } = head
  const rows = await manager.sql<{ name: string; purpose: string; version: number | string; digest: string }[]>`
    SELECT l.url AS name, l.purpose AS purpose, v.version AS version, v.digest AS digest
    FROM status_list l
    JOIN status_list_version v ON v.list = l.id AND v.version = (
      SELECT w.version FROM status_list_version w
      WHERE w.list = l.id AND (w.epoch, w.head_version) <= (${epoch}, ${version})
      ORDER BY w.version DESC LIMIT 1)
    ORDER BY l.url`
  return rows.map((row) => ({ ...row, version: Number(row.version) }))
}

async function signedHeadsBetween(
  manager: EntityManager,
  after: HeadPlace,
  upTo: HeadPlace,
  most: number,
): Promise<SignedHead[]> {
  const heads = await manager
    .createQueryBuilder(HeadEntity, 'h')
    .where('(h.epoch, h.version) > (:epoch, :version)', after)
    .andWhere('(h.epoch, h.version) <= (:lastEpoch, :lastVersion)', {
      lastEpoch: upTo.epoch,
      lastVersion: upTo.version,
    })
    .andWhere('h.signature IS NOT NULL')
    .orderBy({ 'h.epoch': 'ASC', 'h.version': 'ASC' })
    .limit(most)
    .getMany()
  return heads as SignedHead[]
}

async function changesAt(manager: EntityManager, { epoch, version }: HeadPlace): Promise<ListChange[]> {
  const rows = await manager.sql<(ListChange & { version: number | string })[]>`
    SELECT l.url AS name, l.purpose AS purpose, v.version AS version, v.digest AS digest,
      v.encoded_list AS "encodedList", b.encoded_list AS before
    FROM status_list_version v
    JOIN status_list l ON l.id = v.list
    LEFT JOIN status_list_version b ON b.list = v.list AND b.version = v.version - 1
    WHERE v.epoch = ${epoch} AND v.head_version = ${version}
    ORDER BY l.url`
  return rows.map((row) => ({ ...row, version: Number(row.version) }))
}
