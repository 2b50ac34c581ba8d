import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import type { MigrationInterface, QueryRunner } from 'typeorm'
import { until } from '../../../../test/system/start-system.ts'
import { openDatabase } from '../db/open-database.ts'
import { SealedSecret } from '../keys/entities.ts'
import { createSealer } from '../keys/sealer.ts'
import { createLogger } from '../logger.ts'
import { type Checks, createReadiness, NotReady } from './readiness.ts'
import { chainCheck, databaseCheck, keysCheck } from './shared-checks.ts'

class CreateSecrets1700000000000 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE TABLE sealed_secret (kind text, id text, version integer NOT NULL, sealed blob NOT NULL, PRIMARY KEY (kind, id))',
    )
  }

  async down(): Promise<void> {}
}

const logger = createLogger('test', 'silent')
const readinessOf = (checks: Checks) => createReadiness(checks, logger)([])
const failing = (error: unknown) => ({ assert: () => Promise.reject(error), fix: 'Do this.' })

describe('readiness of a service', () => {
  it('names the reason in a stable word, and says nothing of the cause', async () => {
    const cause = new Error('password hunter2 refused by db.internal')
    const ready = await readinessOf({
      database: failing(cause),
      chain: failing(new NotReady('wrong_chain', 'the chain is 5')),
      keys: failing(new DomainError('did_deactivated', 'did:ethr:x was deactivated', { cause })),
      trust: { assert: async () => undefined, fix: 'Nothing.' },
    })
    expect(ready).to.deep.equal({
      status: 'unready',
      checks: {
        database: { status: 'failed', reason: 'unavailable', detail: 'Do this.' },
        chain: { status: 'failed', reason: 'wrong_chain', detail: 'Do this.' },
        keys: { status: 'failed', reason: 'did_deactivated', detail: 'Do this.' },
        trust: { status: 'ok' },
      },
    })
  })

  it('does not wait for ever, nor begin a check again that has not ended', async () => {
    let begun = 0
    const endless = {
      fix: 'Wait.',
      assert() {
        begun += 1
        return new Promise<void>(() => {})
      },
    }
    const ready = createReadiness({ chain: endless }, logger)
    for (let i = 0; i < 2; i++) {
      const [one, other] = await Promise.all([ready([]), ready([])])
      for (const { checks } of [one, other]) expect(checks.chain).to.include({ status: 'failed', reason: 'timeout' })
    }
    expect(begun).to.equal(1)
  })

  it('comes and goes with what is checked', async () => {
    let chainId = 1
    const ready = createReadiness({ chain: chainCheck(1, async () => chainId) }, logger)
    expect((await ready([])).status).to.equal('ready')
    chainId = 2
    await until(async () => (await ready([])).status === 'unready')
    expect((await ready([])).checks.chain).to.include({ reason: 'wrong_chain' })
    expect(await ready(['chain'])).to.deep.equal({ status: 'ready', checks: {} })
    chainId = 1
    await until(async () => (await ready([])).status === 'ready')
  })

  describe('with a database', () => {
    let folder: string
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'consulate-ready-'))
    })
    after(() => rmSync(folder, { recursive: true }))

    it('is lost when it takes no transactions, or was sealed with another root key', async () => {
      const url = `sqlite:${join(folder, 'checked.sqlite')}`
      const database = await openDatabase({ url, entities: [SealedSecret], migrations: [CreateSecrets1700000000000] })
      const sealer = createSealer(randomBytes(32))
      const checks = { database: databaseCheck(database), keys: keysCheck(database, sealer) }
      expect((await readinessOf(checks)).status).to.equal('ready')
      const others = { ...checks, keys: keysCheck(database, createSealer(randomBytes(32))) }
      expect((await readinessOf(others)).checks).to.nested.include({
        'database.status': 'ok',
        'keys.reason': 'unavailable',
      })
      await database.close()
      expect((await readinessOf(checks)).checks.database).to.include({ status: 'failed', reason: 'unavailable' })
    })
  })
})
