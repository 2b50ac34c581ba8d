import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startIssuer, envToConfig as toConfig } from '@consulate/issuer'
import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import type { RunningService } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { databasePath, settled } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

describe('an issuer’s database that was put back to an older copy', () => {
  const stops: (() => Promise<void>)[] = []
  let system: System
  let revoked: TestAgent

  before(async () => {
    system = await startSystem()
    const { issuer } = system.clients
    await issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    revoked = await system.agentWith('revoked', ROLE)
    expect(await outcomeOf(system.present(revoked))).to.equal('accepted')
    const path = databasePath(system.env, 'ISSUER')
    const copy = join(system.folder, 'older.sqlite')
    const database = new Sqlite(path, { readonly: true })
    await database.backup(copy)
    database.close()
    await issuer.revokeRole(revoked.did, ROLE)
    await until(async () => (await outcomeOf(system.present(revoked))) === '400 credential_revoked')
    await settled(system)
    await system.issuer.stop()
    for (const part of ['-wal', '-shm']) rmSync(`${path}${part}`, { force: true })
    copyFileSync(copy, path)
    const restored = await startIssuer(toConfig({ ...system.env, CONSULATE_ISSUER_PORT: String(system.issuer.port) }))
    stops.push(restored.stop)
  })

  after(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await system?.stop()
  })

  it('gives no revoked role back at a verifier that knew of the revocation', async () => {
    await expectRefusals(() => system.present(revoked), '400 credential_revoked')
  })

  it('gives no revoked role back at a verifier that knows the chain alone', async () => {
    const url = `sqlite:${join(system.folder, 'new-verifier.sqlite')}`
    const verifier = await startVerifier(verifierConfig({ ...system.env, CONSULATE_VERIFIER_DATABASE_URL: url }))
    stops.push(verifier.stop)
    await expectRefusals(await presentingTo(verifier))
  })

  async function presentingTo({ url }: RunningService) {
    const admin = verifierAdminClient({ url, token: ADMIN_TOKEN })
    await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
    const { token } = await admin.addResourceServer('new', [DOMAIN])
    const client = verifierClient({ url, token })
    return async () => {
      const { challenge } = await client.challenge(DOMAIN)
      const presentation = await revoked.wallet.present({ domain: DOMAIN, challenge })
      return client.verifyPresentation(presentation, { domain: DOMAIN, challenge })
    }
  }

  /** Over several rounds in which a verifier asks the issuer. */
  async function expectRefusals(present: () => Promise<unknown>, expected?: string): Promise<void> {
    const outcomes = new Set<string>()
    for (let time = 0; time < 25; time++) {
      outcomes.add(await outcomeOf(present()))
      await sleep(100)
    }
    for (const outcome of outcomes) expect(outcome).to.match(/^400 /)
    if (expected) expect([...outcomes]).to.deep.equal([expected])
  }
})
