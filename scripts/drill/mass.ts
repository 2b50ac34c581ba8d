import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrations } from '@consulate/migrations/issuer'
import { issuerClient } from '@consulate/sdk'
import { openDatabase } from '@consulate/server'
import { IsNull, Not } from 'typeorm'
import { CredentialEntity, entities } from '../../packages/issuer/src/adapters/entities.ts'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { until } from '../../test/system/start-system.ts'
import { openSeededIssuer } from '../bench/scale/open-seeded-issuer.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import type { DrillReport } from './report.ts'

export interface MassOptions {
  database: DatabaseKind
  agents: number
  kills: number
  /** At the longest, between the call and the kill. */
  lifeMs: number
}

const ROLE = 'payments.approver'

/**
 * Kills an issuer while it takes a role from every agent in one call, and looks: all are revoked under one head, or none is.
 * Sent again with its key, the call is answered as if nothing had happened.
 */
export async function drillMass({ database, agents, kills, lifeMs }: MassOptions): Promise<DrillReport> {
  const opened = new AsyncDisposableStack()
  const figures = { kills, none: 0, all: 0, lost: 0 }
  const problems: string[] = []
  try {
    const past = { role: ROLE, credentials: agents, revokedOf: Number.POSITIVE_INFINITY }
    const { fleet, databaseUrl, instance, seed } = await openSeededIssuer(database, past, opened)
    let running = instance
    for (let kill = 0; kill < kills; kill++) {
      const key = randomUUID()
      const call = () =>
        issuerClient({ url: running.url, token: fleet.adminToken, fetch: withKey(key) }).revokeRoleOfAll(ROLE, 'drill')
      const before = await countRevoked(databaseUrl)
      const answered = call().catch(() => undefined)
      await sleep(randomInt(lifeMs))
      await running.end('SIGKILL')
      const revoked = (await countRevoked(databaseUrl)) - before
      if (revoked === 0) figures.none += 1
      else if (revoked >= agents) figures.all += 1
      else problems.push(`${revoked} of ${agents} were revoked when it was killed`)
      if ((await answered) !== undefined && revoked === 0) problems.push('an acknowledged revocation is gone')
      running = await fleet.start('issuer')
      const { revokedCount } = await call()
      if ((await countRevoked(databaseUrl)) - before !== revokedCount)
        problems.push(`${revokedCount} is not what was done`)
      const client = issuerClient({ url: running.url, token: fleet.adminToken })
      await until(async () => (await client.statusHead()).anchor.state !== 'pending', 60_000)
      await running.end('SIGTERM')
      if (kill < kills - 1) await seed()
      running = await fleet.start('issuer')
    }
    problems.push(...(await auditIssuer(databaseUrl, createLedger())))
  } finally {
    await opened.disposeAsync()
  }
  return { figures: { ...figures, lost: problems.length }, problems }
}

function withKey(key: string): typeof globalThis.fetch {
  return (input, init) => fetch(input, { ...init, headers: { ...init?.headers, 'Idempotency-Key': key } })
}

async function countRevoked(url: string): Promise<number> {
  const database = await openDatabase({ url, entities, migrations })
  try {
    return await database.read.countBy(CredentialEntity, { revokedAt: Not(IsNull()) })
  } finally {
    await database.close()
  }
}
