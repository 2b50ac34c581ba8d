import {
  type AdministratorScope,
  administratorsClient,
  issuerClient,
  verifierAdminClient,
  walletAdminClient,
} from '@consulate/sdk'
import { type Route, SCOPES } from '@consulate/server'
import { expect } from 'chai'
import { routes as issuerRoutes } from '../packages/issuer/src/app.ts'
import { routes as verifierRoutes } from '../packages/verifier/src/app.ts'
import { routes as walletRoutes } from '../packages/wallet/src/app.ts'
import { ROLE } from './system/entrances.ts'
import { refusalOf, send } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

const SERVICES = ['issuer', 'wallet', 'verifier'] as const
type Service = (typeof SERVICES)[number]
type Listed = Pick<Route<never>, 'method' | 'path' | 'access' | 'scope'>

const ROUTES: Record<Service, readonly Listed[]> = {
  issuer: issuerRoutes,
  wallet: walletRoutes,
  verifier: verifierRoutes,
}

describe('administrators', () => {
  let system: System
  /** One key for each scope of each service: `service scope`. */
  const keys: Record<string, { id: string; key: string }> = {}

  before(async () => {
    system = await startSystem()
    for (const service of SERVICES)
      for (const scope of SCOPES) keys[`${service} ${scope}`] = await create(service, [scope])
    await settled(system)
  })
  after(() => system?.stop())

  const administrators = (service: Service, token = ADMIN_TOKEN) =>
    administratorsClient({ url: system[service].url, token })
  const create = (service: Service, scopes: AdministratorScope[], validForSeconds = 3600, name = 'somebody') =>
    administrators(service).create({ name, scopes, validForSeconds })
  const keyOf = (service: Service, scope: string) => keys[`${service} ${scope}`]!.key
  const readAgents = (token: string, service: 'issuer' | 'wallet' = 'wallet') =>
    outcomeOf(walletAdminClient({ url: system[service].url, token }).agents())

  for (const service of SERVICES)
    for (const { method, path, scope } of ROUTES[service].filter(({ access }) => access === 'admin')) {
      it(`open ${method.toUpperCase()} ${path} of the ${service} with the scope ${scope}, and with no other`, async () => {
        const stored = storedState(system)
        const url = system[service].url + path.replace(/:\w+/g, 'nothing')
        for (const held of SCOPES) {
          const answer = await send(url, { method: method.toUpperCase(), token: keyOf(service, held) })
          if (held === scope) expect(answer.status, held).to.be.oneOf([200, 400, 404, 415])
          else expect(refusalOf(answer), held).to.equal('403 scope_missing')
        }
        expect(storedState(system)).to.equal(stored)
      })
    }

  it('are told which scope they lack', async () => {
    const { text } = await send(`${system.wallet.url}/agents`, { method: 'POST', token: keyOf('wallet', 'read') })
    expect(JSON.parse(text).detail).to.equal(
      'This needs the scope "issue", which you do not have: use a key or an identity with it.',
    )
  })

  describe('with keys', () => {
    it('open the service that gave the key, and no other', async () => {
      expect(await readAgents(keyOf('wallet', 'read'))).to.equal('accepted')
      expect(await readAgents(keyOf('wallet', 'read'), 'issuer')).to.equal('401 unauthenticated')
      expect(await readAgents(keyOf('verifier', 'read'))).to.equal('401 unauthenticated')
    })

    it('may hold several scopes', async () => {
      const { key } = await create('wallet', ['read', 'issue'])
      const wallet = walletAdminClient({ url: system.wallet.url, token: key })
      const { did } = await wallet.createAgent('made by two scopes')
      expect(await outcomeOf(wallet.agents())).to.equal('accepted')
      expect(await outcomeOf(wallet.forgetAgent(did))).to.equal('403 scope_missing')
    })

    it('are out as soon as the key is revoked, for good', async () => {
      const { id, key } = await create('wallet', ['read'])
      expect(await readAgents(key)).to.equal('accepted')
      await administrators('wallet').remove(id)
      expect(await readAgents(key)).to.equal('401 unauthenticated')
      const revoked = await find(id)
      await administrators('wallet').remove(id)
      expect(await find(id)).to.deep.equal(revoked)
      expect(revoked).to.include({ id, revokedBy: 'bootstrap' })
    })

    it('are out when the key has expired', async () => {
      const { key } = await create('wallet', ['read'], 1)
      await until(async () => (await readAgents(key)) === '401 unauthenticated')
    })

    it('cannot make, see or revoke keys, not even their own', async () => {
      const { id, key } = await create('wallet', [...SCOPES])
      const own = administrators('wallet', key)
      const wanted = { name: 'heir', scopes: ['read' as const], validForSeconds: 60 }
      for (const attempt of [own.create(wanted), own.list(), own.remove(id)])
        expect(await outcomeOf(attempt)).to.equal('403 scope_missing')
    })

    it('are not made with scopes that do not exist, without end, or for no known person', async () => {
      const right = { name: 'x', scopes: ['read'], validForSeconds: 60 }
      const wrong = [
        { scopes: ['administrators'] },
        { scopes: ['admin'] },
        { scopes: [] },
        { scopes: ['read', 'read'] },
        { validForSeconds: 0 },
        { validForSeconds: 31_536_001 },
        { validForSeconds: undefined },
        { name: '' },
        { name: 'a\nb' },
      ]
      const stored = storedState(system)
      for (const change of wrong) {
        const request = { method: 'POST', token: ADMIN_TOKEN, body: { ...right, ...change } }
        const answer = await send(`${system.wallet.url}/administrators`, request)
        expect(refusalOf(answer), JSON.stringify(change)).to.equal('400 invalid_request')
      }
      expect(storedState(system)).to.equal(stored)
    })

    it('are listed page by page, without the keys', async () => {
      const url = `${system.wallet.url}/administrators`
      const pages: string[] = []
      let next: string | undefined
      do {
        const query = next === undefined ? 'limit=2' : `limit=2&after=${next}`
        const { text } = await send(`${url}?${query}`, { token: ADMIN_TOKEN })
        pages.push(text)
        next = JSON.parse(text).next
      } while (next !== undefined)
      const items = pages.flatMap((page) => JSON.parse(page).items)
      expect(items.map(({ id }) => id)).to.include.members(SCOPES.map((scope) => keys[`wallet ${scope}`]!.id))
      expect(items.map(({ id }) => id)).to.deep.equal(items.map(({ id }) => id).toSorted())
      const shown = ['id', 'name', 'scopes', 'createdAt', 'createdBy', 'expiresAt']
      for (const item of items)
        expect(item).to.have.all.keys('revokedAt' in item ? [...shown, 'revokedAt', 'revokedBy'] : shown)
      for (const { key } of Object.values(keys)) expect(pages.join()).to.not.include(key)
    })

    it('are unknown by an id that was never given', async () => {
      expect(await outcomeOf(administrators('wallet').remove('nothing'))).to.equal('404 administrator_unknown')
    })

    async function find(id: string) {
      const { items } = await administrators('wallet').list()
      return items.find((item) => item.id === id)!
    }
  })

  describe('stand in the records of what they did', () => {
    const actor = (service: Service, scope: string) => `key:${keys[`${service} ${scope}`]!.id}`
    const as = <Client>(
      client: (endpoint: { url: string; token: string }) => Client,
      service: Service,
      scope: string,
    ) => client({ url: system[service].url, token: keyOf(service, scope) })

    it('of the issuer', async () => {
      const issuing = as(issuerClient, 'issuer', 'issue')
      const revoking = as(issuerClient, 'issuer', 'revoke')
      const reading = as(issuerClient, 'issuer', 'read')
      const definition = { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' as const }
      expect(await issuing.putRole(ROLE, definition)).to.include({ changedBy: actor('issuer', 'issue') })
      const { did } = await system.clients.walletAdmin.createAgent('recorded')
      const { id } = await issuing.issueRole(did, { role: ROLE, operator: 'ops' })
      const fresh = await reading.credential(id)
      expect(fresh.issuedBy).to.equal(actor('issuer', 'issue'))
      expect(fresh).to.not.have.property('changedBy')

      await system.clients.issuer.setStatus(id, 'suspension', true)
      expect((await reading.credential(id)).changedBy).to.equal('bootstrap')
      await revoking.revokeRole(did, ROLE)
      expect((await reading.credential(id)).changedBy).to.equal(actor('issuer', 'revoke'))
      await system.clients.issuer.revokeRole(did, ROLE)
      expect((await reading.credential(id)).changedBy).to.equal(actor('issuer', 'revoke'))

      await revoking.killAgent(did)
      const agent = await reading.agent(did)
      expect(agent.killedBy).to.equal(actor('issuer', 'revoke'))
      expect(agent.credentials[0]!.issuedBy).to.equal(actor('issuer', 'issue'))
    })

    it('of the wallet', async () => {
      const { did } = await as(walletAdminClient, 'wallet', 'issue').createAgent('made by a key')
      const { items } = await as(walletAdminClient, 'wallet', 'read').agents()
      expect(items.find((item) => item.did === did)!.createdBy).to.equal(actor('wallet', 'issue'))
    })

    it('of the verifier', async () => {
      const reading = as(verifierAdminClient, 'verifier', 'read')
      const { changedBy, statusUrl } = await reading.trusted(system.issuer.did)
      expect(changedBy).to.equal('bootstrap')
      const trusting = as(verifierAdminClient, 'verifier', 'trust')
      await trusting.trust(system.issuer.did, { roles: ['*'], statusUrl })
      expect((await reading.trusted(system.issuer.did)).changedBy).to.equal(actor('verifier', 'trust'))

      const { id } = await trusting.addResourceServer('made by a key', [DOMAIN])
      const { text } = await send(`${system.verifier.url}/resource-servers`, { token: keyOf('verifier', 'read') })
      const server = JSON.parse(text).items.find((item: { id: string }) => item.id === id)
      expect(server.createdBy).to.equal(actor('verifier', 'trust'))
    })
  })
})
