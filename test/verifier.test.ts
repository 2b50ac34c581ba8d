import { verifierClient } from '@consulate/sdk'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { forge, payloadOf } from './system/forge.ts'
import { refusalOf, send } from './system/http.ts'
import { issuerSigner } from './system/sealed-keys.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'
import { newStranger, outcomeOf } from './system/stranger.ts'

describe('the verifier', () => {
  const agent = newStranger(() => system.clients.verifier)
  let system: System
  let credential: string

  before(async () => {
    system = await startSystem()
    for (const role of [ROLE, 'inventory.reader'])
      await system.clients.issuer.putRole(role, { description: role, maxValiditySeconds: 3600, sensitivity: 'high' })
    credential = (await issue(ROLE)).verifiableCredential
  })

  after(() => system?.stop())

  const issue = (role: string) => system.clients.issuer.issueRole(agent.did, { role, operator: 'ops@example.com' })
  const present = (credentials = [credential]) => agent.present({ credentials })

  describe('refuses an issuer', () => {
    const trust = (roles: string[]) =>
      system.clients.verifierAdmin.trust(system.issuer.did, { roles, statusUrl: `${system.issuer.url}/status` })

    afterEach(async () => {
      await trust(['*'])
      await until(async () => (await system.clients.verifierAdmin.trusted(system.issuer.did)).status !== null)
    })

    it('for roles that it is not trusted for', async () => {
      for (const roles of [['inventory.*'], ['payments'], ['payments.approvers'], ['payments.approver.*']]) {
        await trust(roles)
        expect(await present(), String(roles)).to.equal('400 issuer_not_trusted')
      }
      for (const roles of [['payments.*'], ['inventory.*', ROLE]]) {
        await trust(roles)
        expect(await present(), String(roles)).to.equal('accepted')
      }
    })

    it('for the whole presentation when one of its roles is not trusted', async () => {
      await trust([ROLE])
      const other = await issue('inventory.reader')
      expect(await present([credential, other.verifiableCredential])).to.equal('400 issuer_not_trusted')
    })

    it('at once when it is trusted no longer, though its credential was accepted a moment ago', async () => {
      expect(await present()).to.equal('accepted')
      await system.clients.verifierAdmin.distrust(system.issuer.did)
      expect(await present()).to.equal('400 issuer_not_trusted')
      const alone = system.clients.verifier.verifyCredential(credential)
      expect(await outcomeOf(alone)).to.equal('400 issuer_not_trusted')
    })
  })

  it('lists whom it trusts, in pages', async () => {
    const [prefix] = system.issuer.did.match(/^did:ethr:0x[0-9a-f]+:/)!
    const others = ['1', 'f'].map((digit) => `${prefix}0x${digit.repeat(40)}`)
    const statusUrl = `${system.issuer.url}/status`
    for (const did of others) await system.clients.verifierAdmin.trust(did, { roles: [ROLE], statusUrl })
    const page = async (query: string) =>
      JSON.parse((await send(`${system.verifier.url}/trust/issuers?limit=2${query}`, { token: ADMIN_TOKEN })).text)
    const first = await page('')
    const last = await page(`&after=${encodeURIComponent(first.next)}`)
    const listed = [...first.items, ...last.items]
    expect(listed.map(({ did }: { did: string }) => did)).to.deep.equal([...others, system.issuer.did].sort())
    const other = listed.find(({ did }: { did: string }) => did === others[0])
    expect(other).to.deep.include({ roles: [ROLE], statusUrl, minSensitivity: 'high', changedBy: 'bootstrap' })
    expect(last).to.not.have.property('next')
    for (const did of others) await system.clients.verifierAdmin.distrust(did)
    expect((await page('')).items.map(({ did }: { did: string }) => did)).to.deep.equal([system.issuer.did])
  })

  describe('registers a resource server', () => {
    const register = (name: string, domains: string[], headers: Record<string, string> = {}) =>
      send(`${system.verifier.url}/resource-servers`, {
        method: 'POST',
        token: ADMIN_TOKEN,
        body: { name, domains },
        headers,
      })

    it('under a name of its own, also when it is asked for twice at once', async () => {
      const answers = await Promise.all([register('payments', [DOMAIN]), register('payments', [DOMAIN])])
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409])
      expect(refusalOf(await register('payments', ['*']))).to.equal('409 resource_server_name_taken')
      const key = { 'Idempotency-Key': 'once-and-again' }
      expect((await register('orders', [DOMAIN], key)).status).to.equal(201)
      expect((await register('orders', [DOMAIN], key)).status).to.equal(201)
      const { id } = JSON.parse(answers.find(({ status }) => status === 201)!.text)
      await send(`${system.verifier.url}/resource-servers/${id}`, { method: 'DELETE', token: ADMIN_TOKEN })
      expect((await register('payments', [DOMAIN])).status).to.equal(201)
    })

    it('for domains that a presentation can be meant for', async () => {
      const never = [
        'https://api.example/',
        'https://API.example',
        'https://api.example:443',
        'https://*.example',
        'http://',
      ]
      for (const domain of never)
        expect(refusalOf(await register('mistaken', [DOMAIN, domain])), domain).to.equal('400 invalid_request')
      const right = ['*', 'api.example', 'urn:example:api', 'http://127.0.0.1:3000', 'https://xn--bcher-kva.example']
      expect((await register('right', right)).status).to.equal(201)
    })
  })

  describe('refuses a resource server', () => {
    it('that asks for domains of others', async () => {
      const { token } = await system.clients.verifierAdmin.addResourceServer('own', ['https://own.example'])
      const own = verifierClient({ url: system.verifier.url, token })
      expect(await outcomeOf(own.challenge(DOMAIN))).to.equal('403 domain_not_allowed')
      const { challenge } = await system.clients.verifier.challenge(DOMAIN)
      const stolen = own.verifyPresentation('a.b.c', { domain: DOMAIN, challenge })
      expect(await outcomeOf(stolen)).to.equal('400 domain_not_allowed')
      expect(await outcomeOf(own.challenge('https://own.example'))).to.equal('accepted')
      expect(await outcomeOf(own.challenge('https://OWN.example'))).to.equal('403 domain_not_allowed')
    })
  })

  describe('POST /credentials/verify', () => {
    const verify = (token: string) => system.clients.verifier.verifyCredential(token)

    it('tells the role, the issuer, who answers for it, and how fresh that is', async () => {
      const { verified, roles, status } = await verify(credential)
      expect(verified).to.equal(true)
      expect(roles).to.have.lengthOf(1)
      expect(roles[0]).to.include({ role: ROLE, issuer: system.issuer.did, operator: 'ops@example.com' })
      expect(status.headVersion).to.be.at.least(1)
    })

    it('refuses what a presentation of it would be refused for', async () => {
      const right = payloadOf(credential)
      const reissued = (change: object) =>
        forge(issuerSigner(system.env, credential), 'vc+jwt', { ...right, ...change })
      expect(await outcomeOf(verify(reissued({})))).to.equal('accepted')
      expect(await outcomeOf(verify(reissued({ credentialStatus: undefined })))).to.equal('400 status_malformed')
      expect(await outcomeOf(verify(reissued({ validUntil: right.validFrom })))).to.equal('400 credential_malformed')
      expect(await outcomeOf(verify(forge(agent, 'vc+jwt', right)))).to.equal('400 issuer_mismatch')
      expect(await outcomeOf(verify(forge(agent, 'vp+jwt', right)))).to.equal('400 token_type_invalid')
    })

    it('refuses it from the moment it is suspended or revoked', async () => {
      const issued = await issue(ROLE)
      const becomes = (outcome: string) =>
        until(async () => (await outcomeOf(verify(issued.verifiableCredential))) === outcome, 5_000)
      await becomes('accepted')
      await system.clients.issuer.setStatus(issued.id, 'suspension', true)
      await becomes('400 credential_suspended')
      await system.clients.issuer.setStatus(issued.id, 'revocation', true)
      await becomes('400 credential_revoked')
    })
  })
})
