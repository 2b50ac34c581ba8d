import { join } from 'node:path'
import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { issuerClient, verifierAdminClient, verifierClient, walletAdminClient, walletClient } from '@consulate/sdk'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { type Collector, type ReceivedSpan, startCollector } from './system/collector.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }

describe('traces', () => {
  let system: System
  before(async () => {
    system = await startSystem()
  })
  after(() => system.stop())

  function tracedEnv(name: string, endpoint: string) {
    const database = (service: string) => `sqlite:${join(system.folder, `${name}-${service}.sqlite`)}`
    return {
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_RELAYER_KEY: system.devnet.accounts[3]!.privateKey as string,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    }
  }

  describe('of a loop', () => {
    let collector: Collector
    let spans: ReceivedSpan[]
    const tokens: string[] = [ADMIN_TOKEN]
    const dids: string[] = []

    before(async () => {
      collector = await startCollector()
      const env = tracedEnv('traced', `${collector.url}/`)
      const issuer = await startIssuer(issuerConfig(env))
      const wallet = await startWallet(walletConfig(env))
      const verifier = await startVerifier(verifierConfig(env))
      const admin = { token: ADMIN_TOKEN }
      const minted = issuerClient({ url: issuer.url, ...admin })
      const trust = verifierAdminClient({ url: verifier.url, ...admin })
      await minted.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
      await trust.trust(issuer.did, { roles: ['*'], statusUrl: `${issuer.url}/status` })
      await until(async () => (await trust.trusted(issuer.did)).status !== null)
      const server = await trust.addResourceServer('traced', [DOMAIN])
      const agent = await walletAdminClient({ url: wallet.url, ...admin }).createAgent('traced')
      const own = walletClient({ url: wallet.url, token: agent.token }, agent.did)
      await own.store((await minted.issueRole(agent.did, { role: ROLE, operator: 'ops' })).verifiableCredential)
      const asked = verifierClient({ url: verifier.url, token: server.token })
      const { challenge } = await asked.challenge(DOMAIN)
      const options = { domain: DOMAIN, challenge }
      const presentation = await own.present(options)
      await asked.verifyPresentation(presentation, options)
      await asked.verifyPresentation(presentation, options).catch(() => undefined)
      const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`
      await fetch(`${wallet.url}/agents?after=did:key:secret`, {
        headers: { traceparent, Authorization: `Bearer ${ADMIN_TOKEN}` },
      })
      await fetch(`${wallet.url}/nowhere/at/all`, { headers: { traceparent: '00-zz-zz-01' } })
      for (const path of ['/healthz', '/readyz', '/metrics']) await fetch(`${wallet.url}${path}`)
      tokens.push(agent.token, server.token, presentation, challenge)
      dids.push(agent.did, issuer.did, encodeURIComponent(agent.did))
      await Promise.all([verifier.stop(), wallet.stop(), issuer.stop()])
      spans = collector.spans()
    })
    after(() => collector.stop())

    const named = (service: string, name: string) =>
      spans.filter((span) => span.service === `consulate-${service}` && span.name === name)

    it('are all sent when a service stops, named by route, under the name of the service', () => {
      expect(collector.received()).to.include('POST /v1/traces')
      const [issuing] = named('issuer', 'POST /agents/:did/roles')
      expect(issuing).to.include({ kind: 2 })
      expect(issuing?.attributes).to.include({
        'http.request.method': 'POST',
        'http.route': '/agents/:did/roles',
        'http.response.status_code': 201,
      })
      expect(issuing?.attributes['consulate.request_id']).to.match(/^[0-9a-f-]{36}$/)
      expect(named('wallet', 'POST /agents')).to.have.lengthOf(1)
      expect(named('wallet', 'GET')).to.have.lengthOf(1)
    })

    it('show the transaction that a request waited for', () => {
      const [issuing] = named('issuer', 'POST /agents/:did/roles')
      const inside = spans.filter(({ parentSpanId }) => parentSpanId === issuing?.spanId)
      expect(inside.map(({ name }) => name)).to.include('database transaction')
      for (const span of inside) expect(span).to.include({ service: 'consulate-issuer', traceId: issuing?.traceId })
    })

    it('say why something was refused, and do not call that a failure', () => {
      const outcomes = named('verifier', 'POST /presentations/verify').map(({ attributes, status }) => [
        attributes['http.response.status_code'],
        attributes['error.type'],
        status.code ?? 0,
      ])
      expect(outcomes).to.deep.equal([
        [200, undefined, 0],
        [400, 'challenge_used', 0],
      ])
    })

    it('go on from one service in the next', () => {
      const answered = named('issuer', 'GET /status/head')
      const asking = spans.filter(({ service, kind }) => service === 'consulate-verifier' && kind === 3)
      const joined = answered.filter((span) =>
        asking.some(({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId),
      )
      expect(joined).to.not.be.empty
      expect(joined).to.deep.equal(answered)
    })

    it('go on from a caller that names its own, and begin anew with one that names none', () => {
      const [listing] = named('wallet', 'GET /agents')
      expect(listing).to.include({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId })
      expect(spans.filter(({ traceId }) => traceId === CALLER.traceId)).to.have.lengthOf(1)
      expect(named('wallet', 'GET')[0]).to.not.have.property('parentSpanId')
    })

    it('hold no token, no DID, no path and no query, and nothing of the routes that machines ask all the time', () => {
      const received = collector.received()
      for (const secret of [...tokens, ...dids, 'Bearer', 'secret', 'nowhere'])
        expect(received.includes(secret), secret).to.equal(false)
      expect(received).to.not.match(/healthz|readyz|"\/metrics|authorization/i)
    })
  })

  it('that nobody takes keep no service from answering and stopping', async () => {
    const wallet = await startWallet(walletConfig(tracedEnv('untaken', 'http://127.0.0.1:1')))
    for (let i = 0; i < 20; i++) expect((await fetch(`${wallet.url}/healthy`)).status).to.equal(404)
    const begun = performance.now()
    await wallet.stop()
    expect(performance.now() - begun).to.be.below(9_000)
  })
})
