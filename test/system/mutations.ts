import { randomUUID } from 'node:crypto'
import { routes as issuerRoutes } from '../../packages/issuer/src/app.ts'
import { routes as verifierRoutes } from '../../packages/verifier/src/app.ts'
import { routes as walletRoutes } from '../../packages/wallet/src/app.ts'
import { ROLE } from './entrances.ts'
import { send } from './http.ts'
import { credentialOf, V2 } from './secure.ts'
import { ADMIN_TOKEN, DOMAIN, type System, type TestAgent, until } from './start-system.ts'

/** A request that changes something, and can be made once. */
export interface Mutation {
  url: string
  method: string
  token: string
  body?: object
  /** Members of the answer that a repetition may leave out, or tell anew. */
  varies?: string[]
}

/** Routes that take a body and yet change nothing. */
export const READING = [
  'wallet POST /agents/:did/presentations',
  'verifier POST /challenges',
  'verifier POST /credentials/verify',
  'verifier POST /instances/:instance/credentials/verify',
]

/** `service METHOD path` of every route that can change something. */
export function mutatingRoutes(): string[] {
  const all = { issuer: issuerRoutes, wallet: walletRoutes, verifier: verifierRoutes }
  return Object.entries(all)
    .flatMap(([service, routes]) =>
      routes
        .filter(({ method, access }) => method !== 'get' && access !== 'public')
        .map(({ method, path }) => `${service} ${method.toUpperCase()} ${path}`),
    )
    .filter((name) => !READING.includes(name))
}

/** For each such route a request that it will do, to or about this agent, who has the role `ROLE`. */
export function mutationsOf(system: System, agent: TestAgent): Record<string, () => Promise<Mutation>> {
  const { issuer, wallet, verifier, verifierToken, clients } = system
  const admin = { token: ADMIN_TOKEN }
  const atIssuer = `${issuer.url}/agents/${encodeURIComponent(agent.did)}`
  const atWallet = `${wallet.url}/agents/${encodeURIComponent(agent.did)}`
  const { id, verifiableCredential } = agent.credential
  const stranger = `did:ethr:0x7a69:0x${randomUUID().replaceAll('-', '')}${'0'.repeat(8)}`
  const trust = { roles: ['some.role'], statusUrl: `${issuer.url}/status` }
  const trustUrl = `${verifier.url}/trust/issuers/${encodeURIComponent(stranger)}`
  const definition = { description: 'a role', maxValiditySeconds: 60, sensitivity: 'high' }
  const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'suspension' }
  const newPresentation = () => ({
    url: `${wallet.url}/presentations`,
    method: 'POST',
    token: agent.token,
    body: {
      presentation: { '@context': [V2], id: `urn:uuid:${randomUUID()}`, type: 'VerifiablePresentation' },
      options: { domain: DOMAIN, challenge: 'a-challenge-of-nobody' },
    },
  })
  return {
    ...administratorMutations('issuer', issuer.url),
    ...administratorMutations('wallet', wallet.url),
    ...administratorMutations('verifier', verifier.url),
    'issuer PUT /roles/:role': async () => ({
      url: `${issuer.url}/roles/role.${randomUUID().slice(0, 8).replaceAll(/\d/g, 'x')}`,
      method: 'PUT',
      ...admin,
      body: definition,
    }),
    'issuer DELETE /roles/:role/credentials': async () => {
      await clients.issuer.putRole('taken.away', { ...definition, sensitivity: 'low' })
      await clients.issuer.issueRole(agent.did, { role: 'taken.away', operator: 'ops@example.com' })
      return { url: `${issuer.url}/roles/taken.away/credentials?reason=walked`, method: 'DELETE', ...admin }
    },
    'issuer POST /agents/:did/roles': async () => ({
      url: `${atIssuer}/roles`,
      method: 'POST',
      ...admin,
      body: { role: ROLE, operator: 'ops@example.com' },
    }),
    'issuer DELETE /agents/:did/roles/:role': async () => ({
      url: `${atIssuer}/roles/${ROLE}?reason=walked`,
      method: 'DELETE',
      ...admin,
    }),
    'issuer DELETE /agents/:did': async () => ({ url: atIssuer, method: 'DELETE', ...admin }),
    'issuer POST /credentials/issue': async () => ({
      url: `${issuer.url}/credentials/issue`,
      method: 'POST',
      ...admin,
      body: { credential: credentialOf(issuer.did) },
    }),
    'issuer POST /credentials/status': async () => ({
      url: `${issuer.url}/credentials/status`,
      method: 'POST',
      ...admin,
      body: { credentialId: id, credentialStatus, status: true },
    }),
    'issuer POST /status/recover': async () => ({
      url: `${issuer.url}/status/recover`,
      method: 'POST',
      ...admin,
      body: {},
    }),
    'issuer POST /instances/:instance/credentials/issue': async () => ({
      url: `${issuer.url}/instances/open/credentials/issue`,
      method: 'POST',
      ...admin,
      body: { credential: credentialOf('did:example:issuer') },
    }),
    'issuer POST /instances/:instance/credentials/status': async () => {
      const credential = credentialOf('did:example:issuer', { id: `urn:uuid:${randomUUID()}` })
      const at = `${issuer.url}/instances/open/credentials`
      await send(`${at}/issue`, { method: 'POST', ...admin, body: { credential } })
      const body = { credentialId: credential.id, credentialStatus, status: true }
      return { url: `${at}/status`, method: 'POST', ...admin, body }
    },
    'wallet POST /agents': async () => ({
      url: `${wallet.url}/agents`,
      method: 'POST',
      ...admin,
      body: { name: `made ${randomUUID()}` },
      varies: ['token'],
    }),
    'wallet POST /agents/:did/rotate': async () => {
      const { did } = await clients.walletAdmin.createAgent(`rotated ${randomUUID()}`, 'ethr')
      const url = `${wallet.url}/agents/${encodeURIComponent(did)}/rotate`
      return { url, method: 'POST', ...admin, body: {} }
    },
    'wallet DELETE /agents/:did': async () => ({ url: atWallet, method: 'DELETE', ...admin }),
    'wallet POST /agents/:did/credentials': async () => ({
      url: `${atWallet}/credentials`,
      method: 'POST',
      token: agent.token,
      body: { verifiableCredential },
    }),
    'wallet DELETE /agents/:did/credentials/:id': async () => ({
      url: `${atWallet}/credentials/${id}`,
      method: 'DELETE',
      token: agent.token,
    }),
    'wallet POST /presentations': async () => newPresentation(),
    'wallet DELETE /presentations/:id': async () => {
      const { url, body, ...made } = newPresentation()
      await send(url, { ...made, body })
      return { ...made, url: `${url}/${encodeURIComponent(body.presentation.id)}`, method: 'DELETE' }
    },
    'verifier PUT /trust/issuers/:did': async () => ({ url: trustUrl, method: 'PUT', ...admin, body: trust }),
    'verifier POST /trust/issuers/:did/clear': async () => {
      await clients.verifierAdmin.trust(stranger, trust)
      return { url: `${trustUrl}/clear`, method: 'POST', ...admin, body: {} }
    },
    'verifier DELETE /trust/issuers/:did': async () => {
      await clients.verifierAdmin.trust(stranger, trust)
      return { url: trustUrl, method: 'DELETE', ...admin }
    },
    'verifier POST /resource-servers': async () => ({
      url: `${verifier.url}/resource-servers`,
      method: 'POST',
      ...admin,
      body: { name: `made ${randomUUID()}`, domains: [DOMAIN] },
      varies: ['token'],
    }),
    'verifier DELETE /resource-servers/:id': async () => {
      const made = await clients.verifierAdmin.addResourceServer(`short-lived ${randomUUID()}`, [DOMAIN])
      return { url: `${verifier.url}/resource-servers/${made.id}`, method: 'DELETE', ...admin }
    },
    'verifier POST /instances/:instance/presentations/verify': async () => {
      const options = { domain: DOMAIN, challenge: (await clients.verifier.challenge(DOMAIN)).challenge }
      return {
        url: `${verifier.url}/instances/open/presentations/verify`,
        method: 'POST',
        token: verifierToken,
        body: {
          verifiablePresentation: await agent.wallet.present(options),
          options: { ...options, checks: ['proof'] },
        },
      }
    },
    'verifier POST /presentations/verify': async () => {
      // Its lists are those of the epoch that was just opened.
      const isKnown = () =>
        system.present(agent).then(
          () => true,
          () => false,
        )
      await until(isKnown)
      const options = { domain: DOMAIN, challenge: (await clients.verifier.challenge(DOMAIN)).challenge }
      return {
        url: `${verifier.url}/presentations/verify`,
        method: 'POST',
        token: verifierToken,
        body: { verifiablePresentation: await agent.wallet.present(options), options },
        varies: ['ageMs', 'anchorLagMs', 'anchored', 'chainAgeMs', 'headVersion'],
      }
    },
  }
}

/** The routes that every service has. */
function administratorMutations(service: string, url: string): Record<string, () => Promise<Mutation>> {
  const create = { url: `${url}/administrators`, method: 'POST', token: ADMIN_TOKEN }
  const body = { name: 'made', scopes: ['read'], validForSeconds: 60 }
  return {
    [`${service} POST /administrators`]: async () => ({ ...create, body, varies: ['key'] }),
    [`${service} DELETE /administrators/:id`]: async () => {
      const { text } = await send(create.url, { ...create, body })
      return { url: `${create.url}/${JSON.parse(text).id}`, method: 'DELETE', token: ADMIN_TOKEN }
    },
  }
}
