import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { decodeBitstring, formatDateTime, getBit, type Hex } from '@consulate/core'
import { type RunningIssuer, startIssuer, envToConfig as toConfig } from '@consulate/issuer'
import { createChainClient, readStatus } from '@consulate/registry'
import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import type { RunningService } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { zeroHash } from 'viem'
import { ROLE } from './system/entrances.ts'
import { send } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { databasePath, settled } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

describe('an issuer’s database that was put back to an older copy', () => {
  const stops: (() => Promise<void>)[] = []
  let system: System
  let revoked: TestAgent
  let kept: TestAgent
  let lost: TestAgent
  let restored: RunningIssuer

  before(async () => {
    system = await startSystem()
    const { issuer } = system.clients
    await issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    revoked = await system.agentWith('revoked', ROLE)
    kept = await system.agentWith('kept', ROLE)
    for (const agent of [revoked, kept]) expect(await outcomeOf(system.present(agent))).to.equal('accepted')
    const path = databasePath(system.env, 'ISSUER')
    const copy = join(system.folder, 'older.sqlite')
    const database = new Sqlite(path, { readonly: true })
    await database.backup(copy)
    database.close()
    lost = await system.agentWith('lost', ROLE)
    await issuer.revokeRole(revoked.did, ROLE)
    await until(async () => (await outcomeOf(system.present(revoked))) === '400 credential_revoked')
    await settled(system)
    await system.issuer.stop()
    for (const part of ['-wal', '-shm']) rmSync(`${path}${part}`, { force: true })
    copyFileSync(copy, path)
    restored = await startIssuer(toConfig({ ...system.env, CONSULATE_ISSUER_PORT: String(system.issuer.port) }))
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
    const present = await presentingTo(verifier)
    await expectRefusals(() => present(revoked))
  })

  it('signs nothing, and says why: no head, no list, no role, no revocation', async () => {
    const { issuer } = system.clients
    expect(await outcomeOf(issuer.statusHead())).to.equal('503 issuer_behind')
    expect(await outcomeOf(issuer.issueRole(kept.did, { role: ROLE, operator: 'x@example.com' }))).to.equal(
      '503 issuer_behind',
    )
    expect(await outcomeOf(issuer.revokeRole(kept.did, ROLE))).to.equal('503 issuer_behind')
    const [list] = listsOf(kept)
    for (const url of [list!, `${list}?timestamp=${formatDateTime(Math.floor(Date.now() / 1000))}`]) {
      const { status, text } = await send(url)
      expect(`${status} ${JSON.parse(text).code}`).to.equal('503 issuer_behind')
    }
    const { checks } = JSON.parse((await send(`${restored.url}/readyz`)).text)
    expect(checks.keys).to.include({ status: 'failed', reason: 'issuer_behind' })
    expect((await issuer.agent(kept.did)).credentials[0]!.status.revoked).to.equal(false)
  })

  it('takes the kill switch no further than a refusal that says so', async () => {
    expect(await outcomeOf(system.clients.issuer.killAgent(kept.did))).to.equal('503 issuer_behind')
  })

  it('begins a new epoch when it is told to, in lists of its own', async () => {
    const { issuer } = system.clients
    const recovered = await issuer.recover()
    expect(recovered).to.deep.include({ epoch: 1, head: { epoch: 1, version: 1 } })
    expect(recovered.last).to.include({ epoch: 0 })
    const { head } = await issuer.statusHead()
    expect(head).to.deep.include({ epoch: 1, version: 1, prev: zeroHash })
    const renewed = await system.agentWith('renewed', ROLE)
    const old = new Set([...listsOf(kept), ...listsOf(lost)])
    for (const list of listsOf(renewed)) expect(old.has(list)).to.equal(false)
    await until(async () => (await issuer.statusHead()).anchor.state === 'final')
    const { chain } = system
    const client = createChainClient({ rpcUrls: chain.rpcUrls, chainId: chain.chainId })
    const status = await readStatus(client, { statusRegistry: chain.statusRegistry, issuer: head.issuer as Hex })
    expect(status).to.include({ epoch: 1, version: 1 })
    expect(JSON.parse((await send(`${restored.url}/readyz`)).text).checks.keys).to.deep.equal({ status: 'ok' })
  })

  it('has revoked what it does not know and might have granted, and nothing that it knows', async () => {
    for (const [agent, expected] of [
      [lost, true],
      [kept, false],
    ] as const) {
      const { list, index } = revocationOf(agent)
      const { text } = await send(list, { headers: { Accept: 'application/vc+jwt' } })
      const { credentialSubject } = decodeJwt(text) as { credentialSubject: { encodedList: string } }
      expect(getBit(decodeBitstring(credentialSubject.encodedList), index), agent.name).to.equal(expected)
    }
  })

  it('revokes and issues again, also for whoever asked before', async () => {
    const { issuer } = system.clients
    const done = await issuer.revokeRole(revoked.did, ROLE)
    expect(done.revoked).to.deep.equal([revoked.credential.id])
    const { id } = kept.credential
    const cutOff = await system.agentWith('cut off', ROLE)
    for (const { head } of [done, await issuer.setStatus(id, 'suspension', true), await issuer.killAgent(cutOff.did)])
      expect(head.epoch, 'a head is named by its epoch too').to.equal(1)
    await issuer.setStatus(id, 'suspension', false)
    expect((await issuer.recover()).epoch).to.equal(2)
    await until(async () => (await issuer.statusHead()).anchor.state === 'final')
  })

  it('is believed again once the epoch is on chain, by a verifier that knew more and by one that is new', async () => {
    const url = `sqlite:${join(system.folder, 'newer-verifier.sqlite')}`
    const verifier = await startVerifier(verifierConfig({ ...system.env, CONSULATE_VERIFIER_DATABASE_URL: url }))
    stops.push(verifier.stop)
    const presentToNew = await presentingTo(verifier)
    const renewed = await system.agentWith('renewed again', ROLE)
    for (const present of [system.present, presentToNew]) {
      await until(async () => (await outcomeOf(present(renewed))) === 'accepted')
      expect(await outcomeOf(present(kept))).to.equal('accepted')
      expect(await outcomeOf(present(lost))).to.equal('400 credential_revoked')
      expect(await outcomeOf(present(revoked))).to.equal('400 credential_revoked')
    }
  })

  type Entries = { statusPurpose: string; statusListCredential: string; statusListIndex: string }[]

  function entriesOf({ credential }: TestAgent): Entries {
    return (decodeJwt(credential.verifiableCredential) as unknown as { credentialStatus: Entries }).credentialStatus
  }

  function listsOf(agent: TestAgent): string[] {
    return entriesOf(agent).map(({ statusListCredential }) => statusListCredential)
  }

  function revocationOf(agent: TestAgent): { list: string; index: number } {
    const entry = entriesOf(agent).find(({ statusPurpose }) => statusPurpose === 'revocation')!
    return { list: entry.statusListCredential, index: Number(entry.statusListIndex) }
  }

  async function presentingTo({ url }: RunningService) {
    const admin = verifierAdminClient({ url, token: ADMIN_TOKEN })
    await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
    const { token } = await admin.addResourceServer('new', [DOMAIN])
    const client = verifierClient({ url, token })
    return async (agent: TestAgent) => {
      const { challenge } = await client.challenge(DOMAIN)
      const presentation = await agent.wallet.present({ domain: DOMAIN, challenge })
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
