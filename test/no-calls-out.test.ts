import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { forge, newSigner, payloadOf } from './system/forge.ts'
import { refusalOf, send } from './system/http.ts'
import { issuerSigner } from './system/sealed-keys.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'
import { type Forgery, newStranger, outcomeOf } from './system/stranger.ts'

describe('what strangers send', () => {
  const agent = newStranger(() => system.clients.verifier)
  const stranger = newSigner()
  let system: System
  let canary: Server
  let url: string
  let did: string
  let credential: string
  let calls = 0

  before(async () => {
    canary = createServer((socket) => {
      calls += 1
      socket.destroy()
    })
    await once(canary.listen(0, '127.0.0.1'), 'listening')
    const { port } = canary.address() as AddressInfo
    url = `http://localhost:${port}`
    did = `did:web:localhost%3A${port}`
    system = await startSystem({ settings: { CONSULATE_OUTGOING_ALLOW: 'localhost' } })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const issued = await system.clients.issuer.issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
    credential = issued.verifiableCredential
  })

  after(async () => {
    canary?.close()
    await system?.stop()
  })

  afterEach('nobody was called', () => {
    expect(calls).to.equal(0)
  })

  const present = (forgery: Forgery = {}) => agent.present({ credentials: [credential], ...forgery })

  async function expectRefused(token: string): Promise<void> {
    expect(await present({ credentials: [token] })).to.match(/^400 /)
    expect(await outcomeOf(system.clients.verifier.verifyCredential(token))).to.match(/^400 /)
    const options = { domain: DOMAIN, challenge: (await system.clients.verifier.challenge(DOMAIN)).challenge }
    expect(await outcomeOf(system.clients.verifier.verifyPresentation(token, options))).to.match(/^400 /)
  }

  it('makes nobody fetch the keys that a header names', async () => {
    const headers = [{ jku: url }, { x5u: url }, { jwk: url }, { x5c: [url] }, { kid: `${did}#key` }, { kid: url }]
    for (const header of headers) {
      expect(await present({ header }), JSON.stringify(header)).to.match(/^400 /)
      await expectRefused(forge(stranger, 'vc+jwt', payloadOf(credential), header))
    }
  })

  it('makes nobody resolve a holder, a subject or an issuer of whom no trusted issuer has spoken', async () => {
    const claims = payloadOf(credential)
    const self = { ...stranger, did, kid: `${did}#key` }
    expect(await present({ signer: self, holder: did })).to.equal('400 subject_mismatch')
    expect(await present({ change: { iss: did } })).to.equal('400 holder_mismatch')
    const subject = { ...(claims.credentialSubject as object), id: did }
    for (const forged of [
      { issuer: did },
      { issuer: did, credentialSubject: subject },
      { credentialSubject: subject },
    ]) {
      const token = forge(self, 'vc+jwt', { ...claims, ...forged })
      await expectRefused(token)
      expect(await present({ signer: self, holder: did, credentials: [token] })).to.match(/^400 /)
    }
  })

  it('makes nobody fetch a context, a schema, a status list or anything else that a credential names', async () => {
    const claims = payloadOf(credential)
    const entries = claims.credentialStatus as object[]
    const issuer = issuerSigner(system.env, credential)
    const naming = [
      { '@context': [...(claims['@context'] as unknown[]), `${url}/context`] },
      { '@context': ['https://www.w3.org/ns/credentials/v2', { '@import': `${url}/context` }] },
      { credentialStatus: entries.map((entry) => ({ ...entry, statusListCredential: `${url}/status-lists/1` })) },
      { credentialSchema: { id: `${url}/schema`, type: 'JsonSchema' } },
      { termsOfUse: { id: `${url}/terms`, type: 'Policy' } },
      { refreshService: { id: `${url}/refresh`, type: 'Refresh' } },
      { relatedResource: [{ id: `${url}/resource`, digestSRI: 'sha256-AAAA' }] },
    ]
    for (const members of naming) {
      await expectRefused(forge(issuer, 'vc+jwt', { ...claims, ...members }))
      await expectRefused(forge(stranger, 'vc+jwt', { ...claims, issuer: stranger.did, ...members }))
    }
  })

  it('makes nobody call the origin that a presentation is for, or the address that it is bound to', async () => {
    const bound = { htm: 'GET', htu: `${url}/` }
    expect(await present({ ...bound, demand: bound })).to.equal('accepted')
    const asked = { domain: url, challenge: 'a-challenge-of-nobody' }
    const request = { method: 'POST', token: system.verifierToken, body: { domain: url } }
    expect(refusalOf(await send(`${system.verifier.url}/challenges`, request))).to.equal('403 domain_not_allowed')
    const holder = await system.agentWith('presenting to the canary', ROLE)
    expect(payloadOf(await holder.wallet.present({ ...asked, htm: 'GET', htu: url }))).to.include({ aud: url })
  })

  it('makes no issuer and no wallet resolve the DIDs in their paths', async () => {
    for (const service of [system.issuer, system.wallet])
      for (const token of [undefined, ADMIN_TOKEN])
        expect((await send(`${service.url}/agents/${encodeURIComponent(did)}`, { token })).status).to.be.oneOf([
          401, 404,
        ])
  })

  it('would have been noticed', async () => {
    connect((canary.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined)
    await until(async () => calls === 1)
    calls = 0
  })
})
