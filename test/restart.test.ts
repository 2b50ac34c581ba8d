import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issuerClient, verifierClient, walletAdminClient, walletClient } from '@consulate/sdk'
import { expect } from 'chai'
import { type ConsulateProcess, type Endpoints, processesOf, runCommand, runUp } from './system/consulate-process.ts'
import { until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const DOMAIN = 'https://api.example'

describe('starting again with the same data', () => {
  let folder: string
  let running: ConsulateProcess
  let first: Endpoints
  let hijacked: { did: string; token: string }
  let honest: { did: string; token: string }
  let revoked: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-restart-'))
    running = await runUp(folder)
    first = running.endpoints
    await issuer().putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    hijacked = await agent('hijacked')
    honest = await agent('honest')
    revoked = (await issuer().revokeRole(hijacked.did, ROLE)).revoked[0]!
    await until(async () => (await outcome(hijacked)) === 'credential_revoked')
  })

  after(async () => {
    await running?.end('SIGKILL')
    await until(async () => (await processesOf(folder)).length === 0)
    rmSync(folder, { recursive: true, force: true })
  })

  it('after SIGTERM: everything stops within ten seconds, and is there again', async () => {
    const begun = performance.now()
    expect(await running.end('SIGTERM')).to.equal(0)
    expect(performance.now() - begun).to.be.below(10_000)
    expect(await processesOf(folder)).to.deep.equal([])
    running = await runUp(folder)
    await expectSameWorld()
  })

  it('after Ctrl-C as well', async () => {
    expect(await running.end('SIGINT')).to.equal(0)
    expect(await processesOf(folder)).to.deep.equal([])
    running = await runUp(folder)
    await expectSameWorld()
  })

  it('after kill -9: no orphan is left, and what was acknowledged is there', async () => {
    await issuer().issueRole(honest.did, { role: ROLE, operator: 'just before the kill' })
    const suspended = (await issuer().agent(honest.did)).credentials[1]!
    await issuer().setStatus(suspended.id, 'suspension', true)
    await running.end('SIGKILL')
    await until(async () => (await processesOf(folder)).length === 0)
    running = await runUp(folder)
    await expectSameWorld()
    expect((await issuer().credential(suspended.id)).status.suspended).to.equal(true)
  })

  it('after the devnet lost everything: contracts, keys, delegates and the newest head are put back', async () => {
    const before = await issuer().statusHead()
    await running.end('SIGKILL')
    await until(async () => (await processesOf(folder)).length === 0)
    rmSync(join(folder, 'chain'), { recursive: true })
    running = await runUp(folder)
    await expectSameWorld()
    await until(async () => (await issuer().statusHead()).anchor.state === 'final')
    expect((await issuer().statusHead()).head).to.deep.equal(before.head)
    expect((await issuer().credential(revoked)).lastChange?.anchor.state).to.equal('final')
  })

  it('refuses a second one on the same data, and leaves the first alone', async () => {
    const second = await runUp(folder).then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(second).to.match(/ended with 1: .*Another Consulate is running/s)
    await expectSameWorld()
  })

  it('takes no migration back under it', async () => {
    const down = await runCommand(folder, 'migrate', 'down', '--service', 'wallet', '--to', '0').catch(
      (error) => error.stderr,
    )
    expect(down).to.include('Another Consulate is running')
    await expectSameWorld()
  })

  async function expectSameWorld() {
    const { issuerDid, issuer, wallet, verifier, verifierToken } = running.endpoints
    expect({ issuerDid, issuer, wallet, verifier, verifierToken }).to.deep.equal({
      issuerDid: first.issuerDid,
      issuer: first.issuer,
      wallet: first.wallet,
      verifier: first.verifier,
      verifierToken: first.verifierToken,
    })
    expect(await outcome(honest)).to.equal('allowed')
    expect(await outcome(hijacked)).to.equal('credential_revoked')
  }

  function issuer() {
    return issuerClient({ url: running.endpoints.issuer, token: running.endpoints.adminToken })
  }

  async function agent(name: string) {
    const { wallet, adminToken } = running.endpoints
    const made = await walletAdminClient({ url: wallet, token: adminToken }).createAgent(name)
    const issued = await issuer().issueRole(made.did, { role: ROLE, operator: 'ops@example.com' })
    await walletClient({ url: wallet, token: made.token }, made.did).store(issued.verifiableCredential)
    return made
  }

  async function outcome({ did, token }: { did: string; token: string }): Promise<string> {
    const { wallet, verifier, verifierToken } = running.endpoints
    const resourceServer = verifierClient({ url: verifier, token: verifierToken })
    const { challenge } = await resourceServer.challenge(DOMAIN)
    const options = { domain: DOMAIN, challenge }
    const presentation = await walletClient({ url: wallet, token }, did).present(options)
    return resourceServer.verifyPresentation(presentation, options).then(
      () => 'allowed',
      (error) => error.code,
    )
  }
})
