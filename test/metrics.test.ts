import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { send } from './system/http.ts'
import { scrape } from './system/scrape.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describeOnEach('metrics', (database) => {
  let system: System
  before(async () => {
    system = await startSystem({ database })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })
  after(() => system.stop())

  /** Samples are remembered for a second. */
  const reaches = (url: string, sample: string, value: number) =>
    until(async () => (await scrape(url)).get(sample) === value)
  const requests = (method: string, route: string, code: number) =>
    `http_request_duration_seconds_count{method="${method}",route="${route}",code="${code}"}`

  it('move with what is issued, verified, revoked and refused, and with what that costs on chain', async () => {
    const { issuer, wallet, verifier } = system
    const before = await scrape(issuer.url)
    const agent = await system.agentWith('measured', ROLE)
    await system.agentWith('another', ROLE)
    await system.present(agent)
    await reaches(issuer.url, 'consulate_credentials_issued_total', 2)
    await reaches(verifier.url, 'consulate_verifications_total{kind="presentation",outcome="verified"}', 1)

    await system.clients.issuer.revokeRole(agent.did, ROLE)
    await until(() =>
      system.present(agent).then(
        () => false,
        (error) => error.code === 'credential_revoked',
      ),
    )
    const refused = 'consulate_refusals_total{route="/presentations/verify",code="credential_revoked"}'
    await reaches(verifier.url, refused, 1)
    await reaches(verifier.url, 'consulate_verifications_total{kind="presentation",outcome="refused"}', 1)
    await reaches(verifier.url, requests('POST', '/presentations/verify', 400), 1)
    await reaches(wallet.url, requests('POST', '/agents/:did/credentials', 201), 2)
    await reaches(issuer.url, requests('POST', '/agents/:did/roles', 201), 2)
    await reaches(issuer.url, 'consulate_credentials_revoked_total', 1)
    await reaches(issuer.url, 'consulate_status_head_version', before.get('consulate_status_head_version')! + 1)
    await reaches(issuer.url, 'consulate_anchor_lag_seconds', 0)
    const after = await scrape(issuer.url)
    const gas = 'consulate_relayer_gas_used_total{kind="anchor"}'
    expect(after.get(gas)).to.be.above(before.get(gas) ?? 0)
    expect(after.get('consulate_relayer_gas_used_total{kind="identity"}')).to.be.above(21_000)
    expect(after.get('consulate_status_list_age_seconds{purpose="revocation"}')).to.be.at.most(
      after.get('consulate_status_list_age_seconds{purpose="suspension"}')!,
    )
    for (const sample of ['consulate_status_head_age_seconds', 'consulate_outbox_depth{stage="mining"}'])
      expect(after.get(sample), sample).to.be.within(0, 60)
  })

  it('count a kill as the revocations that it is, and a revocation by its credential', async () => {
    const { issuer } = system
    const before = (await scrape(issuer.url)).get('consulate_credentials_revoked_total')!
    const [one, other] = [await system.agentWith('killed', ROLE), await system.agentWith('stopped', ROLE)]
    await system.clients.issuer.killAgent(one.did)
    for (let i = 0; i < 2; i++) await system.clients.issuer.setStatus(other.credential.id, 'revocation', true)
    const paused = await system.agentWith('paused', ROLE)
    await system.clients.issuer.setStatus(paused.credential.id, 'suspension', true)
    await reaches(issuer.url, 'consulate_credentials_revoked_total', before + 2)
  })

  it('count what a repeated request did once', async () => {
    const { issuer } = system
    const before = (await scrape(issuer.url)).get('consulate_credentials_revoked_total')!
    const agents = await Promise.all(['by role', 'by kill', 'by status'].map((name) => system.agentWith(name, ROLE)))
    const [role, kill] = agents.map(({ did }) => `${issuer.url}/agents/${encodeURIComponent(did)}`)
    const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
    const body = { credentialId: agents[2]!.credential.id, credentialStatus, status: true }
    for (let i = 0; i < 3; i++) {
      const keyed = { token: ADMIN_TOKEN, headers: { 'Idempotency-Key': 'once' } }
      expect((await send(`${role}/roles/${ROLE}`, { ...keyed, method: 'DELETE' })).status).to.equal(200)
      expect((await send(kill!, { ...keyed, method: 'DELETE' })).status).to.equal(200)
      expect((await send(`${issuer.url}/credentials/status`, { ...keyed, method: 'POST', body })).status).to.equal(200)
    }
    await reaches(issuer.url, 'consulate_credentials_revoked_total', before + 3)
  })

  it('are those of one service each, and of the process that runs it', async () => {
    const [issuer, wallet, verifier] = await Promise.all(
      [system.issuer, system.wallet, system.verifier].map(({ url }) => scrape(url)),
    )
    const named = (samples: Map<string, number>, text: string) =>
      [...samples.keys()].filter((name) => name.includes(text))
    expect(named(wallet!, 'credentials_issued')).to.deep.equal([])
    expect(named(issuer!, 'verifications')).to.deep.equal([])
    expect(named(verifier!, '/roles')).to.deep.equal([])
    for (const samples of [issuer!, wallet!, verifier!]) {
      expect(samples.get('consulate_database_transactions_pending')).to.be.within(0, 10)
      expect(samples.get('consulate_database_transaction_seconds_count{outcome="committed"}')).to.be.above(1)
      expect(samples.get('nodejs_eventloop_lag_p99_seconds')).to.be.above(0)
      expect(samples.get('process_resident_memory_bytes')).to.be.above(1e6)
    }
    const pooled = ['idle', 'used', 'waited_for'].map(
      (state) => `consulate_database_pool_connections{state="${state}"}`,
    )
    expect(named(issuer!, 'pool')).to.deep.equal(database === 'PostgreSQL' ? pooled : [])
    if (database === 'PostgreSQL') expect(issuer!.get(pooled[0]!)! + issuer!.get(pooled[1]!)!).to.be.above(0)
    expect(verifier!.get('consulate_trusted_issuers{state="fresh"}')).to.equal(1)
    expect(verifier!.get('consulate_status_evidence_age_seconds')).to.be.within(0, 10)
    expect(verifier!.get('consulate_unproven_claims')).to.equal(0)
  })

  it('do not grow with what strangers send', async () => {
    const { url } = system.wallet
    const unmatched = requests('GET', 'unmatched', 404)
    // Reading them is a request as well.
    const heard = (await scrape(url)).get(unmatched) ?? 0
    /** The names once what this round of the storm did is among the samples. */
    const namesAfter = async (round: number) => {
      await storm(round)
      await reaches(url, unmatched, heard + 40 * round)
      // That it cannot keep up with all at once is a word about the machine.
      return new Set([...(await scrape(url)).keys()].filter((name) => !/code="(503|unavailable)"/.test(name)))
    }
    const storm = (round: number) =>
      Promise.all(
        Array.from({ length: 40 }, (_, i) => [
          send(`${url}/nothing/${round}/${i}?q=${i}`),
          send(`${url}/agents/did:key:z${round}x${i}/credentials`, { method: i % 2 ? 'GET' : 'PROPFIND' }),
          send(`${url}/agents/%zz${i}`, { method: 'DELETE', headers: { 'X-Request-Id': `${round}-${i}` } }),
          send(`${url}/agents/did:key:z${i}/presentations`, {
            method: 'POST',
            token: `wrong-token-${round}-${i}-0123`,
          }),
        ]).flat(),
      )
    const before = await namesAfter(1)
    expect([...before].join('\n'))
      .to.include('route="unmatched",code="404"')
      .and.include('consulate_refusals_total{route="/agents/:did/presentations",code="unauthenticated"} '.trim())
      .and.not.match(/nothing|did:key|propfind/i)
    expect([...(await namesAfter(2))].filter((name) => !before.has(name) && !name.startsWith('nodejs_'))).to.deep.equal(
      [],
    )
  })

  it('are gathered once for all who ask at the same time', async () => {
    const { url } = system.issuer
    const sample = requests('GET', '/metrics', 200)
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(`${url}/metrics`)))
    expect(new Set(answers.map(({ text }) => text)).size).to.be.at.most(2)
    await until(async () => (await scrape(url)).get(sample)! >= 50)
  })

  it('tell how far the chain is behind when it is gone, and what waits for it', async () => {
    const { issuer, devnet, clients } = system
    const agent = await system.agentWith('unanchored', ROLE)
    await reaches(issuer.url, 'consulate_outbox_depth{stage="mining"}', 0)
    await reaches(issuer.url, 'consulate_outbox_depth{stage="sending"}', 0)
    await devnet.stop()
    await clients.issuer.killAgent(agent.did)
    await reaches(issuer.url, 'consulate_outbox_depth{stage="sending"}', 2)
    await until(async () => (await scrape(issuer.url)).get('consulate_anchor_lag_seconds')! >= 2)
  })
})
