import { join } from 'node:path'
import { verifierAdminClient, verifierClient, walletAdminClient } from '@consulate/sdk'
import type { Route } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { routes as issuerRoutes } from '../packages/issuer/src/app.ts'
import { routes as verifierRoutes } from '../packages/verifier/src/app.ts'
import { routes as walletRoutes } from '../packages/wallet/src/app.ts'
import { refusalOf, send } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

type Service = 'issuer' | 'wallet' | 'verifier'

const ROUTES: Record<Service, readonly Pick<Route<never>, 'method' | 'path' | 'access' | 'scope'>[]> = {
  issuer: issuerRoutes,
  wallet: walletRoutes,
  verifier: verifierRoutes,
}

/** Who may call what, an administrator with which scope. A route that does not stand here is a mistake, and so is one that is open to somebody else. */
const RULES: Record<Service, Record<string, string>> = {
  issuer: {
    'PUT /roles/:role': 'admin issue',
    'GET /roles': 'admin read',
    'GET /agents': 'admin read',
    'GET /agents/:did': 'admin read',
    'POST /agents/:did/roles': 'admin issue',
    'DELETE /agents/:did/roles/:role': 'admin revoke',
    'DELETE /agents/:did': 'admin revoke',
    'GET /credentials/:id': 'admin read',
    'POST /credentials/status': 'admin revoke',
    'GET /status/head': 'public',
    'GET /status-lists/:id': 'public',
    'GET /instances/:instance': 'public',
    'GET /instances/:instance/did.json': 'public',
    'POST /instances/:instance/credentials/issue': 'admin issue',
    'GET /instances/:instance/credentials/:id': 'admin read',
    'POST /instances/:instance/credentials/status': 'admin revoke',
    'GET /instances/:instance/status-lists/:id': 'public',
    'POST /administrators': 'admin administrators',
    'GET /administrators': 'admin administrators',
    'DELETE /administrators/:id': 'admin administrators',
  },
  wallet: {
    'POST /agents': 'admin issue',
    'GET /agents': 'admin read',
    'GET /agents/:did': 'admin read',
    'POST /agents/:did/rotate': 'admin issue',
    'DELETE /agents/:did': 'admin revoke',
    'POST /agents/:did/credentials': 'agent',
    'GET /agents/:did/credentials': 'agent',
    'GET /agents/:did/credentials/:id': 'agent',
    'DELETE /agents/:did/credentials/:id': 'agent',
    'POST /agents/:did/presentations': 'agent',
    'POST /administrators': 'admin administrators',
    'GET /administrators': 'admin administrators',
    'DELETE /administrators/:id': 'admin administrators',
  },
  verifier: {
    'POST /challenges': 'resourceServer',
    'POST /presentations/verify': 'resourceServer',
    'POST /credentials/verify': 'resourceServer',
    'POST /instances/:instance/presentations/verify': 'resourceServer',
    'POST /instances/:instance/credentials/verify': 'resourceServer',
    'GET /trust/issuers/:did': 'admin read',
    'PUT /trust/issuers/:did': 'admin trust',
    'DELETE /trust/issuers/:did': 'admin trust',
    'GET /resource-servers': 'admin read',
    'POST /resource-servers': 'admin trust',
    'DELETE /resource-servers/:id': 'admin trust',
    'POST /administrators': 'admin administrators',
    'GET /administrators': 'admin administrators',
    'DELETE /administrators/:id': 'admin administrators',
  },
}

describe('who may call what', () => {
  const urls = {} as Record<Service, string>
  /** Every token there is, by whose it is: `service access`. */
  const tokens: Record<string, string> = {}
  const stops: (() => Promise<void>)[] = []
  let system: System
  let env: Record<string, string>
  let agent: { did: string; token: string }

  before(async () => {
    system = await startSystem()
    env = {
      ...system.env,
      CONSULATE_WALLET_DATABASE_URL: `sqlite:${join(system.folder, 'own-wallet.sqlite')}`,
      CONSULATE_WALLET_ADMIN_TOKEN: 'the-wallets-admin-token',
      CONSULATE_VERIFIER_DATABASE_URL: `sqlite:${join(system.folder, 'own-verifier.sqlite')}`,
      CONSULATE_VERIFIER_ADMIN_TOKEN: 'the-verifiers-admin-token',
    }
    const wallet = await startWallet(walletConfig(env))
    const verifier = await startVerifier(verifierConfig(env))
    stops.push(wallet.stop, verifier.stop)
    Object.assign(urls, { issuer: system.issuer.url, wallet: wallet.url, verifier: verifier.url })
    tokens['issuer admin'] = ADMIN_TOKEN
    tokens['wallet admin'] = env.CONSULATE_WALLET_ADMIN_TOKEN!
    tokens['verifier admin'] = env.CONSULATE_VERIFIER_ADMIN_TOKEN!
    const walletAdmin = walletAdminClient({ url: urls.wallet, token: tokens['wallet admin'] })
    agent = await walletAdmin.createAgent('an agent')
    tokens['wallet agent'] = agent.token
    tokens['verifier resourceServer'] = (await resourceServers().addResourceServer('test', [DOMAIN])).token
    await settled(system)
  })

  after(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await system?.stop()
  })

  const resourceServers = () => verifierAdminClient({ url: urls.verifier, token: tokens['verifier admin']! })

  for (const service of ['issuer', 'wallet', 'verifier'] as const) {
    it(`is written down for every route of the ${service}`, () => {
      const served = ROUTES[service].map(({ method, path, access, scope }) => [
        `${method.toUpperCase()} ${path}`,
        scope === undefined ? access : `${access} ${scope}`,
      ])
      expect(Object.fromEntries(served)).to.deep.equal(RULES[service])
    })

    for (const { method, path, access } of ROUTES[service]) {
      const name = `${method.toUpperCase()} ${path} of the ${service}`
      if (access === 'public')
        it(`${name} answers everybody`, async () => {
          expect((await send(await urlOf(service, path))).status).to.equal(200)
        })
      else
        it(`${name} answers nobody but its ${access}`, async () => {
          const stored = storedState({ env })
          const url = await urlOf(service, path)
          for (const headers of wrongHeaders(`${service} ${access}`))
            for (const verb of method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])
              expect(await refusal(url, verb, headers), JSON.stringify(headers)).to.equal('401 unauthenticated')
          expect(storedState({ env })).to.equal(stored)
          const harmless = await urlOf(service, path, 'nobody')
          const right = await send(harmless, { method: method.toUpperCase(), token: tokens[`${service} ${access}`] })
          expect(right.status).to.be.oneOf([200, 400, 404, 415])
        })
    }
  }

  it('leaves an agent its own DID alone: another one’s is not there for it', async () => {
    const walletAdmin = walletAdminClient({ url: urls.wallet, token: tokens['wallet admin']! })
    const other = await walletAdmin.createAgent('another agent')
    const own = ROUTES.wallet.filter(({ access }) => access === 'agent')
    for (const { method, path } of own) {
      const body = path.endsWith('presentations')
        ? { domain: DOMAIN, challenge: 'a-challenge-of-nobody' }
        : { verifiableCredential: 'a.b.c' }
      const request = { method: method.toUpperCase(), ...(method === 'post' && { body }) }
      const url = await urlOf('wallet', path)
      const foreign = await send(url, { ...request, token: other.token })
      expect(refusalOf(foreign), `${method} ${path}`).to.equal('404 not_found')
      expect((await send(url, { ...request, token: tokens['wallet agent'] })).text).to.not.equal(foreign.text)
    }
  })

  it('ends with the resource server that it was given to', async () => {
    const { id, token } = await resourceServers().addResourceServer('short-lived', ['https://own.example'])
    const client = verifierClient({ url: urls.verifier, token })
    await client.challenge('https://own.example')
    await send(`${urls.verifier}/resource-servers/${id}`, { method: 'DELETE', token: tokens['verifier admin'] })
    expect(await outcomeOf(client.challenge('https://own.example'))).to.equal('401 unauthenticated')
  })

  /** Every way of not being who may: no token, a wrong one, the right one in a wrong place, everybody else’s. */
  function wrongHeaders(right: string): Record<string, string>[] {
    const token = tokens[right]!
    const others = Object.keys(tokens).filter((whose) => whose !== right)
    return [
      {},
      { Authorization: 'Bearer a-token-of-nobody-0123456789' },
      { Authorization: `Bearer ${token}x` },
      { Authorization: `Bearer ${token.slice(0, -1)}` },
      { Authorization: token },
      { Authorization: `Basic ${token}` },
      { Authorization: `Bearer ${token} ${token}` },
      { 'X-Authorization': `Bearer ${token}`, Cookie: `token=${token}` },
      ...others.map((whose) => ({ Authorization: `Bearer ${tokens[whose]}` })),
    ]
  }

  async function refusal(url: string, method: string, headers: Record<string, string>): Promise<string> {
    const answer = await send(url, { method, headers })
    return method === 'HEAD' && answer.status === 401 ? '401 unauthenticated' : refusalOf(answer)
  }

  async function urlOf(service: Service, path: string, did = agent.did): Promise<string> {
    const { entries } = await system.clients.issuer.statusHead()
    const lists: Record<string, string> = {
      '/status-lists/:id': entries[0]!.name.split('/').at(-1)!,
      '/instances/:instance/status-lists/:id': 'revocation-1',
    }
    const id = lists[path] ?? 'nothing'
    const parts: Record<string, string> = {
      ':did': encodeURIComponent(did),
      ':role': 'payments.approver',
      ':id': id,
      ':instance': 'open',
    }
    return urls[service] + path.replace(/:\w+/g, (part) => parts[part]!)
  }
})
