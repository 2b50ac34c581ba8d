import type { StatusPurpose } from '@consulate/core'
import { type EntityManager, In, IsNull, MoreThan } from 'typeorm'
import type { Queries, Transaction } from '../ports.ts'
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

export function writes(tx: EntityManager): Omit<Transaction, keyof Queries> {
  return {
    async putRole(role) {
      const isNew = !(await tx.existsBy(RoleEntity, { role: role.role }))
      await tx.save(RoleEntity, role)
      return isNew
    },
    async lockAgent(did, now) {
      await tx.sql`INSERT INTO agent (did, created_at) VALUES (${did}, ${now}) ON CONFLICT (did) DO NOTHING`
      await tx.sql`UPDATE agent SET did = did WHERE did = ${did}`
      return tx.findOneByOrFail(AgentEntity, { did })
    },
    killAgent: async (did, cutoff) => void (await tx.update(AgentEntity, { did }, { killedAt: cutoff })),
    addCredential: async (credential) => void (await tx.insert(CredentialEntity, credential)),
    saveStatus: async ({ id, ...status }) => void (await tx.update(CredentialEntity, { id }, status)),
    addList: async (list) => void (await tx.insert(ListEntity, list)),
    takeCounter: (purpose) => takeCounter(tx, purpose),
    countOpenLists: (purpose) => tx.countBy(ListEntity, { purpose, open: true }),
    closeList: async (id) => void (await tx.update(ListEntity, { id }, { open: false })),
    addListVersion: async (version) => void (await tx.insert(ListVersionEntity, version)),
    addHead: async (head) => void (await tx.insert(HeadEntity, { ...head, signature: null, signer: null })),
    saveHeadSignature: async ({ epoch, version }, signer, signature) =>
      void (await tx.update(HeadEntity, { epoch, version, signature: IsNull() }, { signer, signature })),
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

/** The update locks the row until the end of the transaction, so that no two callers are ever given the same counter. */
async function takeCounter(tx: EntityManager, purpose: StatusPurpose) {
  await tx.sql`
    UPDATE status_list SET next_counter = next_counter + 1
    WHERE id = (SELECT id FROM status_list WHERE purpose = ${purpose} AND open ORDER BY next_counter DESC, id LIMIT 1)`
  const order = { nextCounter: 'DESC', id: 'ASC' } as const
  const [list] = await tx.find(ListEntity, { where: { purpose, open: true }, order, take: 1 })
  return list && { list, counter: list.nextCounter - 1 }
}
