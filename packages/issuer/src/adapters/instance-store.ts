import { type Database, lockName } from '@consulate/server'
import { type EntityManager, LessThanOrEqual } from 'typeorm'
import type { InstanceStore, InstanceTransaction } from '../instance-ports.ts'
import { InstanceCredentialEntity, InstanceListEntity, InstanceListVersionEntity } from './instance-entities.ts'

/** What instances have issued, in the issuer's own database. */
export function createInstanceStore(database: Database): InstanceStore {
  return {
    once: async (work) => (await database.once((tx) => work(within(tx)))).value,
    transaction: (work) => database.transaction((tx) => work(within(tx))),
    async findCredential(instance, credentialId) {
      const where = { instance, credentialId }
      const order = { issuedAt: 'DESC', id: 'ASC' } as const
      return (await database.read.find(InstanceCredentialEntity, { where, order, take: 1 }))[0]
    },
    findIssued: async (id) => (await database.read.findOneBy(InstanceCredentialEntity, { id })) ?? undefined,
    findList: async (instance, id) =>
      (await database.read.findOneBy(InstanceListEntity, { instance, id })) ?? undefined,
    async findListVersion(instance, list, at) {
      const [time, version] = 'time' in at ? [at.time] : [undefined, at.version]
      const where = {
        instance,
        list,
        ...(time !== undefined && { changedAt: LessThanOrEqual(time) }),
        ...(version !== undefined && { version }),
      }
      return (await database.read.find(InstanceListVersionEntity, { where, order: { version: 'DESC' }, take: 1 }))[0]
    },
  }
}

function within(tx: EntityManager): InstanceTransaction {
  const lockPurpose = (instance: string, purpose: string) => lockName(tx, `instance lists ${instance} ${purpose}`)
  return {
    async lockNewestList(instance, purpose) {
      await lockPurpose(instance, purpose)
      const where = { instance, purpose }
      return (await tx.find(InstanceListEntity, { where, order: { number: 'DESC' }, take: 1 }))[0]
    },
    async lockList(instance, id) {
      const list = await tx.findOneBy(InstanceListEntity, { instance, id })
      if (!list) return undefined
      await lockPurpose(instance, list.purpose)
      return (await tx.findOneBy(InstanceListEntity, { instance, id })) ?? undefined
    },
    saveList: async (list) => void (await tx.upsert(InstanceListEntity, list, ['instance', 'id'])),
    addListVersion: async ({ id: list, instance, version, encodedList, changedAt }) =>
      void (await tx.insert(InstanceListVersionEntity, { instance, list, version, encodedList, changedAt })),
    addCredential: async (credential) => void (await tx.insert(InstanceCredentialEntity, credential)),
    credentialsNamed: (instance, credentialId) => tx.findBy(InstanceCredentialEntity, { instance, credentialId }),
    saveStatus: async ({ id, ...status }) => void (await tx.update(InstanceCredentialEntity, { id }, status)),
  }
}
