import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { forge, newSigner, payloadOf } from './system/forge.ts'
import { refusalOf, send } from './system/http.ts'
import { issuerSigner, openSealedKeys } from './system/sealed-keys.ts'
import { DOMAIN, type System, startSystem, type TestAgent } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

const CHALLENGE = 'a-challenge-of-this-test'

describe('the wallet', () => {
  let system: System
  let agent: TestAgent
  let other: TestAgent

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('agent', ROLE)
    other = await system.agentWith('other', ROLE)
  })

  after(() => system?.stop())

  const admin = () => system.clients.walletAdmin

  describe('creating agents', () => {
    it('gives each a DID and a token of its own, and shows the token once', async () => {
      const made = await Promise.all([admin().createAgent('first'), admin().createAgent('second')])
      expect(new Set(made.flatMap(({ did, token }) => [did, token])).size).to.equal(4)
      expect(made[0].did).to.match(/^did:key:z6Mk/)
      const { items } = await admin().agents()
      expect(items.map(({ name }) => name)).to.include.members(['first', 'second'])
      for (const { token } of made) expect(JSON.stringify(items)).to.not.include(token)
    })

    it('gives a name once, though twenty ask for it at the same time', async () => {
      const wishes = Array.from({ length: 20 }, () => outcomeOf(admin().createAgent('wanted')))
      const outcomes = Map.groupBy(await Promise.all(wishes), (outcome) => outcome)
      expect(outcomes.get('accepted')).to.have.lengthOf(1)
      expect(outcomes.get('409 agent_name_taken')).to.have.lengthOf(19)
      expect(await outcomeOf(admin().createAgent('wanted'))).to.equal('409 agent_name_taken')
    })

    it('lists them page by page, each once', async () => {
      const { items } = await admin().agents()
      const paged: string[] = []
      for (let after: string | undefined, more = true; more; ) {
        const query = after === undefined ? '' : `&after=${encodeURIComponent(after)}`
        const { text } = await send(`${system.wallet.url}/agents?limit=2${query}`, { token: adminToken() })
        const page = JSON.parse(text)
        paged.push(...page.items.map(({ did }: { did: string }) => did))
        after = page.next
        more = after !== undefined
      }
      expect(paged).to.deep.equal(items.map(({ did }) => did))
    })

    it('forgets an agent, its token, its credentials and its key, and lets the name be given again', async () => {
      const keys = openSealedKeys(system.env, 'WALLET').length
      const forgotten = await system.agentWith('forgotten', ROLE)
      expect(openSealedKeys(system.env, 'WALLET')).to.have.lengthOf(keys + 1)
      await admin().forgetAgent(forgotten.did)
      expect(openSealedKeys(system.env, 'WALLET')).to.have.lengthOf(keys)
      expect(await outcomeOf(forgotten.wallet.credentials())).to.equal('401 unauthenticated')
      expect(await outcomeOf(admin().forgetAgent(forgotten.did))).to.equal('404 agent_unknown')
      expect((await admin().createAgent('forgotten')).did).to.not.equal(forgotten.did)
    })
  })

  describe('storing a credential', () => {
    it('keeps what was issued to this agent, once', async () => {
      const { items } = await agent.wallet.credentials()
      expect(items).to.deep.equal([
        { id: agent.credential.id, role: ROLE, issuer: system.issuer.did, validUntil: items[0]!.validUntil },
      ])
      await agent.wallet.store(agent.credential.verifiableCredential)
      expect((await agent.wallet.credentials()).items).to.deep.equal(items)
    })

    it('refuses what is altered, another’s, expired, or of an issuer who cannot be found, and keeps nothing', async () => {
      await settled(system)
      const stored = storedState(system)
      for (const [refusal, token] of refused())
        expect(await outcomeOf(agent.wallet.store(token)), token).to.equal(refusal)
      expect(storedState(system)).to.equal(stored)
    })

    function refused(): [string, string][] {
      const right = agent.credential.verifiableCredential
      const [header, payload, signature] = right.split('.')
      const claims = payloadOf(right)
      const subject = claims.credentialSubject as object
      const issuer = issuerSigner(system.env, right)
      const stranger = newSigner()
      const as = (did: string, key = '#key-1') =>
        forge({ kid: did + key, privateKey: stranger.privateKey }, 'vc+jwt', { ...claims, issuer: did })
      const ended = { iat: 0, validFrom: '1970-01-01T00:00:00Z', validUntil: '2020-01-01T00:00:00Z' }
      return [
        ['400 signature_invalid', `${header}.${payload}.${'A'.repeat(86)}`],
        ['400 signature_invalid', forge({ ...stranger, kid: issuer.kid }, 'vc+jwt', claims)],
        ['400 subject_mismatch', other.credential.verifiableCredential],
        [
          '400 subject_mismatch',
          forge(issuer, 'vc+jwt', { ...claims, credentialSubject: { ...subject, id: other.did } }),
        ],
        ['400 credential_expired', forge(issuer, 'vc+jwt', { ...claims, ...ended })],
        ['400 issuer_mismatch', forge(stranger, 'vc+jwt', claims)],
        ['400 status_malformed', forge(issuer, 'vc+jwt', { ...claims, credentialStatus: [] })],
        ['400 token_type_invalid', forge(issuer, 'vp+jwt', claims)],
        ['400 did_unresolvable', as(`did:ethr:0x1:0x${'ab'.repeat(20)}`)],
        ['400 key_not_found', as(`did:ethr:0x7a69:0x${'ab'.repeat(20)}`)],
        ['400 did_method_unsupported', as('did:web:issuer.example')],
        ['400 token_malformed', `${header}.${payload}`],
        ['400 token_malformed', `${header}.${signature}.${payload}`],
      ]
    }
  })

  describe('keeping agents apart', () => {
    it('has nothing at another’s DID: not its credentials, not its presentations, not its existence', async () => {
      const nobody = newSigner().did
      const answers = await Promise.all(
        [other.did, nobody].map(async (did) => {
          const own = `${system.wallet.url}/agents/${encodeURIComponent(did)}`
          const id = did === other.did ? other.credential.id : 'urn:uuid:none'
          const { verifiableCredential } = other.credential
          const requests = [
            { path: '/credentials' },
            { path: '/credentials', method: 'POST', body: { verifiableCredential } },
            { path: '/presentations', method: 'POST', body: { domain: DOMAIN, challenge: CHALLENGE } },
            { path: `/credentials/${id}` },
            { path: `/credentials/${id}`, method: 'DELETE' },
          ]
          const answered = await Promise.all(
            requests.map(({ path, ...request }) => send(own + path, { token: agent.token, ...request })),
          )
          for (const answer of answered) expect(refusalOf(answer)).to.equal('404 not_found')
          return answered.map(({ text }) => text.replaceAll(did, ''))
        }),
      )
      expect(answers[0]).to.deep.equal(answers[1])
      expect((await other.wallet.credentials()).items).to.have.lengthOf(1)
    })

    it('does not give one agent’s credential to another who knows its id', async () => {
      const url = `${system.wallet.url}/agents/${encodeURIComponent(agent.did)}/credentials/${other.credential.id}`
      for (const method of ['GET', 'DELETE'])
        expect(refusalOf(await send(url, { method, token: agent.token }))).to.equal('404 credential_unknown')
      expect((await other.wallet.credentials()).items).to.have.lengthOf(1)
    })
  })

  const adminToken = () => system.env.CONSULATE_ADMIN_TOKEN
})
