import { type Database, isUniqueViolation } from '@consulate/server'
import { LessThan, MoreThan } from 'typeorm'
import type { Store } from '../ports.ts'
import { ConsumedChallengeEntity, ResourceServerEntity, TrustedIssuerEntity } from './entities.ts'

/** The verifier's records in a SQL database, through TypeORM. */
export function createStore(database: Database): Store {
  return {
    putTrust: (trust) =>
      database.transaction(async (tx) => {
        const isNew = !(await tx.existsBy(TrustedIssuerEntity, { did: trust.did }))
        await tx.save(TrustedIssuerEntity, trust)
        return isNew
      }),
    listTrust: () => database.read.find(TrustedIssuerEntity, { order: { did: 'ASC' } }),
    removeTrust: (did) =>
      database.transaction(async (tx) => ((await tx.delete(TrustedIssuerEntity, { did })).affected ?? 0) > 0),
    addResourceServer: (server) =>
      database.transaction(async (tx) => void (await tx.insert(ResourceServerEntity, server))),
    listResourceServers: ({ after, limit }) =>
      database.read.find(ResourceServerEntity, {
        ...(after !== undefined && { where: { id: MoreThan(after) } }),
        order: { id: 'ASC' },
        take: limit,
      }),
    findResourceServerByToken: async (tokenHash) =>
      (await database.read.findOneBy(ResourceServerEntity, { tokenHash })) ?? undefined,
    removeResourceServer: (id) =>
      database.transaction(async (tx) => ((await tx.delete(ResourceServerEntity, { id })).affected ?? 0) > 0),
    async consumeChallenge(id, expiresAt) {
      try {
        await database.transaction((tx) => tx.insert(ConsumedChallengeEntity, { id, expiresAt }))
        return true
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
    },
    forgetChallenges: (expiredBefore) =>
      database.transaction(
        async (tx) => void (await tx.delete(ConsumedChallengeEntity, { expiresAt: LessThan(expiredBefore) })),
      ),
  }
}
