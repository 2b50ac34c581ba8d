import { join } from 'node:path'
import { administratorsClient, issuerClient, walletAdminClient } from '@consulate/sdk'
import { expect } from 'chai'
import type { JWTPayload } from 'jose'
import { ROLE } from './system/entrances.ts'
import { refusalOf, send } from './system/http.ts'
import { AUDIENCE, assemble, type OidcIssuer, startOidcIssuer } from './system/oidc-issuer.ts'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { type System, startSystem } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

const DEFINITION = { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' as const }
const EMAIL = 'somebody@people.example'

describe('administrators of an OIDC issuer', () => {
  let system: System
  let oidc: OidcIssuer
  let services: ServicesProcess

  before(async () => {
    system = await startSystem()
    oidc = await startOidcIssuer('ES256')
    const database = (name: string) => `sqlite:${join(system.folder, 'oidc', `${name}.sqlite`)}`
    services = await runServices({
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_RELAYER_KEY: system.devnet.accounts[2]!.privateKey,
      CONSULATE_LOG_LEVEL: 'trace',
      CONSULATE_OIDC_ISSUER: oidc.url,
      CONSULATE_OIDC_AUDIENCE: AUDIENCE,
      CONSULATE_OIDC_SCOPES: '{"groups":{"platform":["issue","revoke"],"audit":["read"]}}',
    })
  })
  after(async () => {
    await services?.end()
    await oidc?.stop()
    await system?.stop()
  })

  const tokenOf = (group: string, claims: JWTPayload = {}) =>
    oidc.token({ sub: `${group}-1`, groups: [group], email: EMAIL, ...claims })
  const issuer = (token: string) => issuerClient({ url: services.issuer, token })
  const wallet = (token: string) => walletAdminClient({ url: services.wallet, token })

  it('do what their groups allow, in their name, and nothing else', async () => {
    const platform = issuer(await tokenOf('platform'))
    const audit = issuer(await tokenOf('audit'))
    expect(await platform.putRole(ROLE, DEFINITION)).to.include({ changedBy: 'oidc:platform-1' })
    const { did } = await wallet(await tokenOf('platform')).createAgent('made by a person')
    const { id } = await platform.issueRole(did, { role: ROLE, operator: 'ops' })
    await platform.revokeRole(did, ROLE)
    const { issuedBy, changedBy } = await audit.credential(id)
    expect([issuedBy, changedBy]).to.deep.equal(['oidc:platform-1', 'oidc:platform-1'])

    expect(await outcomeOf(platform.credential(id))).to.equal('403 scope_missing')
    expect(await outcomeOf(audit.killAgent(did))).to.equal('403 scope_missing')
    expect(await outcomeOf(audit.putRole(ROLE, DEFINITION))).to.equal('403 scope_missing')
    const keys = administratorsClient({ url: services.issuer, token: await tokenOf('platform') })
    expect(await outcomeOf(keys.list())).to.equal('403 scope_missing')
  })

  it('may do nothing when no claim of theirs is mapped', async () => {
    for (const groups of [undefined, [], ['everybody'], ['constructor'], 'platform audit'])
      expect(await outcomeOf(wallet(await tokenOf('x', { groups })).agents())).to.equal('403 scope_missing')
  })

  it('are nobody with a token that is not right', async () => {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: oidc.url, aud: AUDIENCE, sub: 'audit-1', groups: ['audit'], iat: now, exp: now + 60 }
    const tokens = [
      await tokenOf('audit', { aud: 'another' }),
      await tokenOf('audit', { iss: 'https://accounts.example' }),
      await tokenOf('audit', { iat: now - 600, exp: now - 120 }),
      assemble({ alg: 'none' }, claims),
      assemble({ alg: 'HS256', kid: 'key-1' }, claims),
      `${await tokenOf('audit')}A`,
    ]
    for (const token of tokens) expect(await outcomeOf(wallet(token).agents()), token).to.equal('401 unauthenticated')
    expect(await outcomeOf(wallet(await tokenOf('audit')).agents())).to.equal('accepted')
  })

  it('open nothing of agents and resource servers', async () => {
    const token = await tokenOf('platform')
    for (const url of [`${services.wallet}/agents/did:key:z6Mk/credentials`, `${services.verifier}/challenges`]) {
      const method = url.endsWith('challenges') ? 'POST' : 'GET'
      expect(refusalOf(await send(url, { method, token }))).to.equal('401 unauthenticated')
    }
  })

  it('are let in by nobody while their issuer is not there, and others are not kept waiting', async () => {
    oidc.lies.set('/keys', undefined)
    const url = `${services.verifier}/resource-servers`
    const answer = await send(url, { token: await tokenOf('audit') })
    expect(answer.status).to.equal(503)
    expect(JSON.parse(answer.text).code).to.equal('oidc_unavailable')
    expect((await send(url, { token: system.env.CONSULATE_ADMIN_TOKEN })).status).to.equal(200)
    oidc.lies.clear()
  })

  it('stand in the log with all that they did, and none of their tokens and claims do', async () => {
    const platform = issuer(await tokenOf('platform'))
    await platform.putRole('logged.role', DEFINITION)
    const { did } = await wallet(await tokenOf('platform')).createAgent('made to be logged')
    await platform.issueRole(did, { role: 'logged.role', operator: 'ops' })
    await platform.revokeRole(did, 'logged.role')
    await outcomeOf(issuer(await tokenOf('audit')).putRole('logged.role', DEFINITION))
    await send(`${services.verifier}/resource-servers`, { token: system.env.CONSULATE_ADMIN_TOKEN })
    expect(await services.end()).to.equal(0)
    const lines = services
      .log()
      .split('\n')
      .filter((line) => line.includes('"res"'))
    const logged = lines
      .map((line) => JSON.parse(line))
      .map(({ by, req, res }) => `${by} ${req.method} ${res.statusCode}`)
    expect(logged).to.include.members([
      'oidc:platform-1 PUT 201',
      'oidc:platform-1 POST 201',
      'oidc:platform-1 DELETE 200',
      'oidc:audit-1 PUT 403',
      'bootstrap GET 200',
    ])
    expect(services.log()).to.not.include('eyJ').and.to.not.include(EMAIL)
  })
})
