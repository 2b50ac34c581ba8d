import { type Database, findPage, forgetKeys, lockName, notify, recordRemoval } from '@consulate/server'
import { IsNull, LessThan } from 'typeorm'
import type { Store } from '../ports.ts'
import type { Conviction, ResourceServer, TrustedIssuer } from '../records.ts'
import { ConsumedChallengeEntity, EquivocationEntity, ResourceServerEntity, TrustedIssuerEntity } from './entities.ts'

/** What instances tell each other: the trust list has changed, a resource server was removed. */
const TRUST = 'trust'
const RESOURCE_SERVERS = 'resource servers'

/** The verifier's records in a SQL database, through TypeORM. */
export function createStore(database: Database): Omit<Store, 'forgetResourceServers'> {
  return {
    once: (work) => database.once(work),
    forgetKeys: (receivedBefore) => forgetKeys(database, receivedBefore),
    putTrust: (trust) =>
      database.transaction(async (tx) => {
        await lockName(tx, `trust ${trust.did}`)
        const known = await tx.findOneBy(TrustedIssuerEntity, { did: trust.did })
        const statusToken = trust.statusToken === undefined ? tokenToKeep(known, trust) : trust.statusToken
        const createdAt = known?.createdAt ?? trust.createdAt
        await tx.save(TrustedIssuerEntity, { ...trust, statusToken, createdAt })
        await notify(tx, TRUST)
        return known === null
      }),
    listTrust: () => database.read.find(TrustedIssuerEntity, { order: { did: 'ASC' } }),
    removeTrust: (did, remover) =>
      database.transaction(async (tx) => {
        const { affected } = await tx.delete(TrustedIssuerEntity, { did })
        if (!affected) return false
        const cleared = { clearedAt: remover.at, clearedBy: remover.by }
        await tx.update(EquivocationEntity, { issuer: did, clearedAt: IsNull() }, cleared)
        await recordRemoval(tx, 'trusted issuer', did, remover)
        await notify(tx, TRUST)
        return true
      }),
    listConvictions: async (issuer) => {
      const where = { issuer, clearedAt: IsNull() }
      const rows = await database.read.find(EquivocationEntity, { where, order: { epoch: 'DESC' } })
      return rows.map(toConviction)
    },
    listEvidence: async (issuer, take) => {
      const rows = await database.read.find(EquivocationEntity, { where: { issuer }, order: { epoch: 'DESC' }, take })
      return rows.map(toConviction)
    },
    clearConvictions: (issuer, cleared) =>
      database.transaction(
        async (tx) => void (await tx.update(EquivocationEntity, { issuer, clearedAt: IsNull() }, cleared)),
      ),
    onTrustChange: (handler) => database.onNotice(TRUST, handler),
    addResourceServer: (server) =>
      database.transaction(async (tx) => {
        await lockName(tx, `resource server ${server.name}`)
        if (await tx.existsBy(ResourceServerEntity, { name: server.name })) return false
        await tx.insert(ResourceServerEntity, server)
        return true
      }),
    listResourceServers: (page) => findPage(database.read, ResourceServerEntity, 'id', page),
    async findResourceServerByToken(tokenHash) {
      // Asked for every request: an entity would take five times as long.
      const [row] = await database.read.sql<(Omit<ResourceServer, 'domains'> & { domains: string })[]>`
        SELECT id, name, token_hash AS "tokenHash", domains, created_at AS "createdAt", created_by AS "createdBy"
        FROM resource_server WHERE token_hash = ${tokenHash}`
      return row && { ...row, domains: JSON.parse(row.domains) }
    },
    removeResourceServer: (id, remover) =>
      database.transaction(async (tx) => {
        const { affected } = await tx.delete(ResourceServerEntity, { id })
        if (!affected) return false
        await recordRemoval(tx, 'resource server', id, remover)
        await notify(tx, RESOURCE_SERVERS)
        return true
      }),
    onResourceServerChange: (handler) => database.onNotice(RESOURCE_SERVERS, handler),
    consumeChallenge: (id, expiresAt) =>
      database.transaction(async (tx) => {
        const inserted = await tx.sql<unknown[]>`
          INSERT INTO consumed_challenge (id, expires_at) VALUES (${id}, ${expiresAt})
          ON CONFLICT (id) DO NOTHING RETURNING id`
        return inserted.length > 0
      }),
    forgetChallenges: (expiredBefore) =>
      database.transaction(
        async (tx) => void (await tx.delete(ConsumedChallengeEntity, { expiresAt: LessThan(expiredBefore) })),
      ),
  }
}

function tokenToKeep(known: TrustedIssuer | null, { statusUrl }: Pick<TrustedIssuer, 'statusUrl'>): Uint8Array | null {
  return known && new URL(known.statusUrl).origin === new URL(statusUrl).origin ? known.statusToken : null
}

function toConviction({ epoch, heads, foundAt }: { epoch: number; heads: unknown; foundAt: number }): Conviction {
  return { epoch, heads: heads as Conviction['heads'], foundAt }
}
