import { join } from 'node:path'
import { verifierAdminClient, verifierClient, walletAdminClient, walletClient } from '@consulate/sdk'
import type { Route } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { routes as issuerRoutes } from '../packages/issuer/src/app.ts'
import { routes as verifierRoutes } from '../packages/verifier/src/app.ts'
import { routes as walletRoutes } from '../packages/wallet/src/app.ts'
import { type Entrance, entrancesOf, ROLE } from './system/entrances.ts'
import { refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { V2 } from './system/secure.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'
import { outcomeOf } from './system/stranger.ts'

/** What a route cannot do without. */
const QUERIES: Record<string, string> = { '/status/heads': '?after=0.0' }

type Service = 'issuer' | 'wallet' | 'verifier'

const ROUTES: Record<Service, readonly Pick<Route<never>, 'method' | 'path' | 'access' | 'scope' | 'recognizes'>[]> = {
  issuer: issuerRoutes,
  wallet: walletRoutes,
  verifier: verifierRoutes,
}

/** Who may call what, an administrator with which scope. A route that does not stand here is a mistake, and so is one that is open to somebody else. */
const RULES: Record<Service, Record<string, string>> = {
  issuer: {
    'PUT /roles/:role': 'admin issue',
    'GET /roles': 'admin read',
    'DELETE /roles/:role/credentials': 'admin revoke',
    'GET /agents': 'admin read',
    'GET /agents/:did': 'admin read',
    'POST /agents/:did/roles': 'admin issue',
    'DELETE /agents/:did/roles/:role': 'admin revoke',
    'DELETE /agents/:did': 'admin revoke',
    'POST /credentials/issue': 'admin issue',
    'GET /credentials/:id': 'admin read',
    'POST /credentials/status': 'admin revoke',
    'GET /status/head': 'public',
    'GET /status/heads': 'public',
    'GET /status/events': 'public, known: admin read',
    'POST /status/recover': 'admin administrators',
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
    'POST /presentations': 'agent',
    'GET /presentations': 'agent',
    'GET /presentations/:id': 'agent',
    'DELETE /presentations/:id': 'agent',
    'POST /administrators': 'admin administrators',
    'GET /administrators': 'admin administrators',
    'DELETE /administrators/:id': 'admin administrators',
  },
  verifier: {
    'POST /challenges': 'resourceServer',
    'POST /presentations/verify': 'resourceServer',
    'POST /credentials/verify': 'resourceServer',
    'GET /1.0/identifiers/:did': 'public',
    'POST /instances/:instance/presentations/verify': 'resourceServer',
    'POST /instances/:instance/credentials/verify': 'resourceServer',
    'GET /trust/issuers': 'admin read',
    'GET /trust/issuers/:did': 'admin read',
    'GET /trust/issuers/:did/evidence': 'admin read',
    'PUT /trust/issuers/:did': 'admin trust',
    'POST /trust/issuers/:did/clear': 'admin trust',
    'DELETE /trust/issuers/:did': 'admin trust',
    'GET /resource-servers': 'admin read',
    'POST /resource-servers': 'admin trust',
    'DELETE /resource-servers/:id': 'admin trust',
    'POST /administrators': 'admin administrators',
    'GET /administrators': 'admin administrators',
    'DELETE /administrators/:id': 'admin administrators',
  },
}

/** What every service shows to everybody, beside its own routes. */
const COMMON = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs'].map((path) => `GET ${path}`)

/** What one caller is told who asks for what another of the same kind may have; `shared` where it belongs to nobody. */
const NOT_YOURS: Record<string, string> = {
  'wallet POST /agents/:did/credentials': '404 not_found',
  'wallet GET /agents/:did/credentials': '404 not_found',
  'wallet GET /agents/:did/credentials/:id': '404 not_found',
  'wallet DELETE /agents/:did/credentials/:id': '404 not_found',
  'wallet POST /agents/:did/presentations': '404 not_found',
  'wallet POST /presentations': '400 holder_mismatch',
  'wallet GET /presentations': '200 []',
  'wallet GET /presentations/:id': '404 presentation_unknown',
  'wallet DELETE /presentations/:id': '404 presentation_unknown',
  'verifier POST /challenges': '403 domain_not_allowed',
  'verifier POST /presentations/verify': '400 domain_not_allowed',
  'verifier POST /credentials/verify': 'shared',
  'verifier POST /instances/:instance/presentations/verify': '400 domain_not_allowed',
  'verifier POST /instances/:instance/credentials/verify': 'shared',
}

/** For whom a route says it is. */
const CALLERS: Record<string, string> = {
  admin: 'an administrator',
  agent: 'an agent, with the token it was given',
  resourceServer: 'a resource server, with the token it was given',
}

/** By which gateways tell the servers behind them who calls. */
const IDENTITY_HEADERS = ['X-Forwarded-User', 'X-Remote-User', 'X-Forwarded-Client-Cert', 'X-Auth-Request-User', 'From']
const MEDIA_TYPES = ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY']

describe('who may call what', () => {
  const urls = {} as Record<Service, string>
  /** Every token there is, by whose it is: `service access`. */
  const tokens: Record<string, string> = {}
  /** The token of another one of the same kind. */
  const others: Record<string, string> = {}
  const stops: (() => Promise<void>)[] = []
  let system: System
  let env: Record<string, string>
  let agent: TestAgent
  let entrances: Entrance[]

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
    const resourceServer = await resourceServers().addResourceServer('test', [DOMAIN])
    agent = await agentWith(await walletAdmin.createAgent('an agent'))
    const another = await walletAdmin.createAgent('another agent')
    tokens['wallet agent'] = agent.token
    tokens['verifier resourceServer'] = resourceServer.token
    others['wallet agent'] = another.token
    others['verifier resourceServer'] = (
      await resourceServers().addResourceServer('other', ['https://other.example'])
    ).token
    const presentation = { '@context': [V2], id: agent.credential.id, type: 'VerifiablePresentation' }
    const options = { domain: DOMAIN, challenge: 'a-challenge-of-nobody' }
    const body = { presentation, options }
    await send(`${urls.wallet}/presentations`, { method: 'POST', token: agent.token, body })
    entrances = entrancesOf({ ...system, wallet, verifier, verifierToken: resourceServer.token }, agent)
    await settled(system)
  })

  after(async () => {
    await Promise.all(stops.map((stop) => stop()))
    await system?.stop()
  })

  const resourceServers = () => verifierAdminClient({ url: urls.verifier, token: tokens['verifier admin']! })

  async function agentWith(created: { did: string; name: string; token: string }): Promise<TestAgent> {
    const own = walletClient({ url: urls.wallet, token: created.token }, created.did)
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const credential = await system.clients.issuer.issueRole(created.did, { role: ROLE, operator: 'ops@example.com' })
    await own.store(credential.verifiableCredential)
    return { ...created, credential, wallet: own }
  }

  for (const service of ['issuer', 'wallet', 'verifier'] as const) {
    it(`is written down for every route of the ${service}`, () => {
      const served = ROUTES[service].map(({ method, path, access, scope, recognizes }) => [
        `${method.toUpperCase()} ${path}`,
        [access, scope, recognizes && `, known: ${recognizes.access} ${recognizes.scope}`]
          .filter((part) => part !== undefined)
          .join(' ')
          .replace(' ,', ','),
      ])
      expect(Object.fromEntries(served)).to.deep.equal(RULES[service])
    })

    it(`is written down for all that the ${service} says it serves`, async () => {
      const { paths } = JSON.parse((await send(`${urls[service]}/openapi.json`)).text)
      const served = Object.entries<object>(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
      )
      expect(served).to.have.members([...Object.keys(RULES[service]), ...COMMON])
    })

    for (const { method, path, access, recognizes } of ROUTES[service]) {
      const name = `${method.toUpperCase()} ${path} of the ${service}`
      if (access === 'public')
        it(`${name} answers everybody`, async () => {
          const url = `${await urlOf(service, path)}${QUERIES[path] ?? ''}`
          expect(await statusOf(url)).to.equal(200)
          if (!recognizes) return
          const right = `Bearer ${tokens[`${service} ${recognizes.access}`]}`
          expect(await statusOf(url, { Authorization: right })).to.equal(200)
          for (const headers of wrongHeaders(`${service} ${recognizes.access}`))
            if (headers.Authorization) expect(await statusOf(url, headers), headers.Authorization).to.equal(401)
        })
      else
        it(`${name} answers nobody but its ${access}`, async () => {
          const stored = storedState({ env })
          const url = await urlOf(service, path)
          for (const headers of wrongHeaders(`${service} ${access}`))
            for (const verb of method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()])
              expect(await refusal(url, verb, headers, CALLERS[access]), JSON.stringify(headers)).to.equal(
                '401 unauthenticated',
              )
          expect(storedState({ env })).to.equal(stored)
          const harmless = await urlOf(service, path, 'nobody')
          for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
            const headers = { Authorization: `${scheme} ${tokens[`${service} ${access}`]}` }
            const right = await send(harmless, { method: method.toUpperCase(), headers })
            expect(right.status).to.be.oneOf([200, 400, 404, 415])
          }
        })
    }

    for (const { method, path, access } of ROUTES[service].filter(
      ({ access }) => !['public', 'admin'].includes(access),
    ))
      it(`${method.toUpperCase()} ${path} of the ${service} gives one ${access} nothing of another`, async () => {
        const expected = NOT_YOURS[`${service} ${method.toUpperCase()} ${path}`]
        expect(expected, 'written down in NOT_YOURS').to.be.a('string')
        const url = await urlOf(service, path, agent.did, agent.credential.id)
        const asked = url.replace('/instances/open', '')
        const entrance = entrances.find((one) => one.url === asked && one.method === method.toUpperCase())
        const request = { method: method.toUpperCase(), body: entrance?.body }
        const stored = storedState({ env })
        const foreign = await send(url, { ...request, token: others[`${service} ${access}`] })
        expect(storedState({ env })).to.equal(stored)
        const own = await send(url, { ...request, token: tokens[`${service} ${access}`] })
        if (expected === 'shared') return expect(own.text).to.equal(foreign.text)
        const refused = entrance?.verifies ? verificationRefusalOf : refusalOf
        expect(foreign.status === 200 ? `200 ${foreign.text}` : refused(foreign)).to.equal(expected)
        expect(own.text).to.not.equal(foreign.text)
      })

    it(`is nobody with a verb that the ${service} does not serve, however overridden`, async () => {
      const stored = storedState({ env })
      for (const path of new Set(ROUTES[service].map((route) => route.path))) {
        const url = await urlOf(service, path)
        const served = methodsAt(service, path)
        for (const method of VERBS.filter((verb) => !served.includes(verb)))
          for (const token of [undefined, ...Object.values(tokens)]) {
            const headers = { 'X-HTTP-Method-Override': served[0]!, 'X-Method-Override': served[0]! }
            const refused = await send(`${url}?_method=${served[0]}`, { method, token, headers })
            expect(refusalOf(refused), `${method} ${path}`).to.equal('405 method_not_allowed')
            expect(refused.allow.split(', ')).to.have.members(served)
          }
      }
      expect(storedState({ env })).to.equal(stored)
    })

    it(`is nobody without a token, however the body is sent to the ${service}`, async () => {
      const stored = storedState({ env })
      for (const { url, method, body, name } of entrances.filter(({ url }) => url.startsWith(urls[service])))
        for (const type of [null, ...MEDIA_TYPES])
          for (const spelled of [url, `${url}/`, `${url}?token=${tokens[`${service} admin`]}`])
            expect(refusalOf(await send(spelled, { method, body, type })), `${name} ${type}`).to.equal(
              '401 unauthenticated',
            )
      expect(storedState({ env })).to.equal(stored)
    })
  }

  it('ends with the resource server that it was given to', async () => {
    const { id, token } = await resourceServers().addResourceServer('short-lived', ['https://own.example'])
    const client = verifierClient({ url: urls.verifier, token })
    await client.challenge('https://own.example')
    await send(`${urls.verifier}/resource-servers/${id}`, { method: 'DELETE', token: tokens['verifier admin'] })
    expect(await outcomeOf(client.challenge('https://own.example'))).to.equal('401 unauthenticated')
  })

  /** Not its body, which may have no end. */
  async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
    const response = await fetch(url, { headers })
    await response.body?.cancel()
    return response.status
  }

  /** Every way of not being who may: no token, a wrong one, the right one in a wrong place, everybody else’s. */
  function wrongHeaders(right: string): Record<string, string>[] {
    const token = tokens[right]!
    const rest = Object.keys(tokens).filter((whose) => whose !== right)
    return [
      {},
      { Authorization: 'Bearer a-token-of-nobody-0123456789' },
      { Authorization: `Bearer ${token}x` },
      { Authorization: `Bearer ${token.slice(0, -1)}` },
      { Authorization: token },
      { Authorization: `Basic ${token}` },
      { Authorization: `Bearer ${token} ${token}` },
      { 'X-Authorization': `Bearer ${token}`, Cookie: `token=${token}` },
      ...IDENTITY_HEADERS.map((header) => ({ [header]: right.split(' ')[1]! })),
      ...rest.map((whose) => ({ Authorization: `Bearer ${tokens[whose]}` })),
    ]
  }

  /** What else answers at the path: `/credentials/status` is also one of `/credentials/:id`. */
  function methodsAt(service: Service, path: string): string[] {
    const answering = ROUTES[service].filter((route) =>
      new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}$`).test(path),
    )
    const methods = new Set(answering.map(({ method }) => method.toUpperCase()))
    return methods.has('GET') ? [...methods, 'HEAD'] : [...methods]
  }

  /** It says for whom the route is, in the same words to everybody else. */
  async function refusal(url: string, method: string, headers: Record<string, string>, whom = ''): Promise<string> {
    const answer = await send(url, { method, headers })
    if (method === 'HEAD' && answer.status === 401) return '401 unauthenticated'
    const told = answer.text.replace(/ of the (issuer|wallet|verifier)/, '')
    expect(JSON.parse(told).detail).to.match(new RegExp(`^This is for ${whom}: send a valid token of one `))
    return refusalOf(answer)
  }

  async function urlOf(service: Service, path: string, did = agent.did, known = 'nothing'): Promise<string> {
    const { entries } = await system.clients.issuer.statusHead()
    const lists: Record<string, string> = {
      '/status-lists/:id': entries[0]!.name.split('/').at(-1)!,
      '/instances/:instance/status-lists/:id': 'revocation-1',
    }
    const id = lists[path] ?? known
    const parts: Record<string, string> = {
      ':did': encodeURIComponent(did),
      ':role': did === 'nobody' ? 'nobody.has' : ROLE,
      ':id': id,
      ':instance': 'open',
    }
    return urls[service] + path.replace(/:\w+/g, (part) => parts[part]!)
  }
})
