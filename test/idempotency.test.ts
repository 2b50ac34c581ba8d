import { randomUUID } from 'node:crypto'
import { verifierClient } from '@consulate/sdk'
import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { ROLE } from './system/entrances.ts'
import { type Answer, type Request, refusalOf, send } from './system/http.ts'
import { mutatingRoutes, mutationsOf, READING } from './system/mutations.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

describeOnEach('an Idempotency-Key', (database) => {
  let system: System
  let agent: TestAgent

  before(async () => {
    system = await startSystem({ database })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('agent', ROLE)
  })

  after(() => system?.stop())

  const keyed = (url: string, key: string, { method = 'POST', token = ADMIN_TOKEN, body }: Request = {}) =>
    send(url, { method, token, body, headers: { 'Idempotency-Key': key } })
  const rolesOf = ({ did }: { did: string }) => `${system.issuer.url}/agents/${encodeURIComponent(did)}/roles`
  const grant = { role: ROLE, operator: 'ops@example.com' }
  const credentialsOf = async ({ did }: { did: string }) => (await system.clients.issuer.agent(did)).credentials

  describe('with the same request', () => {
    it('gives fifty who send it at once one credential and one answer', async () => {
      const key = randomUUID()
      const newcomer = await system.clients.walletAdmin.createAgent('newcomer')
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => keyed(rolesOf(newcomer), key, { body: grant })),
      )
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).to.equal(1)
      expect(answers[0]).to.have.property('status', 201)
      expect(await credentialsOf(newcomer)).to.have.lengthOf(1)
      expect(await keyed(rolesOf(newcomer), key, { body: grant })).to.deep.equal(answers[0])
    })

    it('is the same request, however its body is written', async () => {
      const key = randomUUID()
      const first = await keyed(rolesOf(agent), key, { body: grant })
      const { role, operator } = grant
      const again = await keyed(rolesOf(agent), key, { body: `{ "operator": "${operator}",\n "role": "${role}" }` })
      expect(again).to.deep.equal(first)
    })

    it('gives the first answer still when the world has moved on', async () => {
      const role = 'changing.role'
      await system.clients.issuer.putRole(role, { description: role, maxValiditySeconds: 3600, sensitivity: 'low' })
      const body = { ...grant, role, validForSeconds: 3600 }
      const key = randomUUID()
      const first = await keyed(rolesOf(agent), key, { body })
      await system.clients.issuer.putRole(role, { description: role, maxValiditySeconds: 60, sensitivity: 'low' })
      expect(refusalOf(await keyed(rolesOf(agent), randomUUID(), { body }))).to.equal('422 validity_too_long')
      expect(await keyed(rolesOf(agent), key, { body })).to.deep.equal(first)
    })

    it('takes back nothing of what was done since', async () => {
      const other = await system.agentWith(`revoked ${randomUUID()}`, ROLE)
      const key = randomUUID()
      const url = `${rolesOf(other)}/${ROLE}`
      const first = await keyed(url, key, { method: 'DELETE' })
      const { id } = await system.clients.issuer.issueRole(other.did, grant)
      expect(await keyed(url, key, { method: 'DELETE' })).to.deep.equal(first)
      expect(JSON.parse(first.text).revoked).to.deep.equal([other.credential.id])
      expect((await system.clients.issuer.credential(id)).status.revoked).to.equal(false)
    })

    it('does not trust again whom somebody has distrusted since', async () => {
      const did = `did:ethr:0x7a69:0x${'5a'.repeat(20)}`
      const url = `${system.verifier.url}/trust/issuers/${encodeURIComponent(did)}`
      const key = randomUUID()
      const request = { method: 'PUT', body: { roles: ['some.role'], statusUrl: `${system.issuer.url}/status` } }
      const first = await keyed(url, key, request)
      await system.clients.verifierAdmin.distrust(did)
      expect(await keyed(url, key, request)).to.deep.equal(first)
      expect(await outcomeOf(system.clients.verifierAdmin.trusted(did))).to.equal('404 trust_unknown')
    })

    it('does not remember a refusal', async () => {
      const newcomer = await system.clients.walletAdmin.createAgent(`refused ${randomUUID()}`)
      const key = randomUUID()
      const url = `${rolesOf(newcomer)}/${ROLE}`
      expect(refusalOf(await keyed(url, key, { method: 'DELETE' }))).to.equal('404 role_not_held')
      await system.clients.issuer.issueRole(newcomer.did, grant)
      expect(await keyed(url, key, { method: 'DELETE' })).to.have.property('status', 200)
    })

    it('leaves out the token, which the first answer alone has', async () => {
      for (const [url, body] of [
        [`${system.wallet.url}/agents`, { name: `shown once ${randomUUID()}` }],
        [`${system.verifier.url}/resource-servers`, { name: 'shown once', domains: [DOMAIN] }],
      ] as const) {
        const key = randomUUID()
        const answers = await Promise.all(Array.from({ length: 10 }, () => keyed(url, key, { body })))
        const bodies = answers.map(({ text }) => JSON.parse(text))
        expect(bodies.filter(({ token }) => token !== undefined)).to.have.lengthOf(1)
        const rest = bodies.map(({ token: _shownOnce, ...others }) => JSON.stringify(others))
        expect(new Set(rest).size).to.equal(1)
      }
    })
  })

  describe('with another request', () => {
    it('is refused, and nothing is done', async () => {
      const key = randomUUID()
      const newcomer = await system.clients.walletAdmin.createAgent(`other request ${randomUUID()}`)
      await keyed(rolesOf(newcomer), key, { body: grant })
      for (const [url, body] of [
        [rolesOf(newcomer), { ...grant, operator: 'somebody else' }],
        [rolesOf(newcomer), { ...grant, validForSeconds: 60 }],
        [rolesOf(agent), grant],
      ] as const)
        expect(refusalOf(await keyed(url, key, { body }))).to.equal('422 idempotency_key_reused')
      expect(await credentialsOf(newcomer)).to.have.lengthOf(1)
    })

    it('is refused for another reason of a revocation, which stands in the query', async () => {
      const other = await system.agentWith(`reasons ${randomUUID()}`, ROLE)
      const key = randomUUID()
      const revoke = (reason: string) => keyed(`${rolesOf(other)}/${ROLE}?reason=${reason}`, key, { method: 'DELETE' })
      expect(await revoke('one')).to.have.property('status', 200)
      expect(refusalOf(await revoke('another'))).to.equal('422 idempotency_key_reused')
    })

    it('is a key of its own for another caller, and for another route', async () => {
      const key = randomUUID()
      const other = await system.agentWith(`other caller ${randomUUID()}`, ROLE)
      for (const { did, token, credential } of [agent, other]) {
        const url = `${system.wallet.url}/agents/${encodeURIComponent(did)}/credentials`
        const { verifiableCredential } = credential
        const answer = await keyed(url, key, { token, body: { verifiableCredential } })
        expect(JSON.parse(answer.text), answer.text).to.have.property('id', credential.id)
        const deleted = await keyed(`${url}/${credential.id}`, key, { method: 'DELETE', token })
        expect(deleted).to.have.property('status', 204)
      }
      expect(await keyed(rolesOf(agent), key, { body: grant })).to.have.property('status', 201)
      expect(await keyed(rolesOf(agent).replace('/roles', ''), key, { method: 'DELETE' })).to.have.property(
        'status',
        200,
      )
    })
  })

  describe('that is no key', () => {
    it('is refused where something can change', async () => {
      for (const key of ['', 'two words', 'x'.repeat(256), '\u00e9'])
        expect(refusalOf(await keyed(rolesOf(agent), key, { body: grant })), key).to.equal('400 invalid_request')
    })

    it('is ignored where nothing can', async () => {
      const reading = await keyed(`${system.issuer.url}/roles`, 'two words', { method: 'GET' })
      const open = await keyed(`${system.issuer.url}/status/head`, 'two words', { method: 'GET' })
      expect([reading.status, open.status]).to.deep.equal([200, 200])
    })
  })

  describe('of a verification', () => {
    const verify = (body: object, key: string | undefined, token = system.verifierToken): Promise<Answer> =>
      send(`${system.verifier.url}/presentations/verify`, {
        method: 'POST',
        token,
        body,
        ...(key !== undefined && { headers: { 'Idempotency-Key': key } }),
      })
    const presented = async (by: TestAgent) => {
      const options = { domain: DOMAIN, challenge: (await system.clients.verifier.challenge(DOMAIN)).challenge }
      return { verifiablePresentation: await by.wallet.present(options), options }
    }
    const codeOf = ({ text }: Answer) =>
      JSON.parse(text).problemDetails?.[0].code ?? JSON.parse(text).code ?? 'accepted'

    it('uses its challenge up once: who repeats it is answered, and nobody else', async () => {
      const presenter = await system.agentWith(`presenter ${randomUUID()}`, ROLE)
      const body = await presented(presenter)
      const key = randomUUID()
      const answers = await Promise.all(Array.from({ length: 50 }, () => verify(body, key)))
      expect(answers.map(codeOf)).to.deep.equal(Array(50).fill('accepted'))
      expect(codeOf(await verify(body, undefined))).to.equal('challenge_used')
      expect(codeOf(await verify(body, randomUUID()))).to.equal('challenge_used')
      const both = await system.clients.verifierAdmin.addResourceServer('another', [DOMAIN])
      expect(codeOf(await verify(body, key, both.token))).to.equal('challenge_unknown')
      const other = await verify(await presented(presenter), key)
      expect(refusalOf(other)).to.equal('422 idempotency_key_reused')
    })

    it('is no old yes: after a revocation the same request is refused', async () => {
      const presenter = await system.agentWith(`to be revoked ${randomUUID()}`, ROLE)
      const body = await presented(presenter)
      const key = randomUUID()
      expect(codeOf(await verify(body, key))).to.equal('accepted')
      const { head } = await system.clients.issuer.revokeRole(presenter.did, ROLE)
      const seen = async () => (await system.clients.verifierAdmin.trusted(system.issuer.did)).status?.headVersion ?? 0
      await until(async () => (await seen()) >= head.version)
      expect(codeOf(await verify(body, key))).to.equal('credential_revoked')
      expect(codeOf(await verify(body, undefined))).to.equal('challenge_used')
    })

    it('is what our own client sends, so that an answer that is lost costs nothing', async () => {
      const presenter = await system.agentWith(`lost answer ${randomUUID()}`, ROLE)
      const { verifiablePresentation, options } = await presented(presenter)
      let lost = 0
      const client = verifierClient({
        url: system.verifier.url,
        token: system.verifierToken,
        async fetch(url, init) {
          const response = await fetch(url, init)
          if (lost++ === 0) throw new TypeError('fetch failed')
          return response
        },
      })
      expect(await client.verifyPresentation(verifiablePresentation, options)).to.have.property('verified', true)
      expect(lost).to.equal(2)
    })
  })

  describe('of every route that changes something', () => {
    it('is tried below', () => {
      expect([...mutatingRoutes(), ...READING].toSorted()).to.deep.equal(
        [...Object.keys(mutationsOf(system, agent)), ...READING].toSorted(),
      )
    })

    for (const route of mutatingRoutes())
      it(`${route} answers twice the same, and no other request`, async () => {
        const walked = await system.agentWith(`walked ${randomUUID()}`, ROLE)
        const { url, method, token, body, varies = [] } = await mutationsOf(system, walked)[route]!()
        const key = randomUUID()
        const [first, again] = [
          await keyed(url, key, { method, token, body }),
          await keyed(url, key, { method, token, body }),
        ]
        expect(first.status, first.text).to.be.oneOf([200, 201, 202, 204])
        expect(again.status).to.equal(first.status)
        const lasting = ({ text }: Answer) =>
          text && JSON.stringify(JSON.parse(text), (name, value) => (varies.includes(name) ? undefined : value))
        expect(lasting(again)).to.equal(lasting(first))
        const other = await keyed(url.includes('?') ? `${url}x` : `${url}?x=1`, key, { method, token, body })
        expect(refusalOf(other)).to.equal('422 idempotency_key_reused')
      })
  })
})
