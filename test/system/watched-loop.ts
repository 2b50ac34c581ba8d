import {
  administratorsClient,
  issuerClient,
  verifierAdminClient,
  verifierClient,
  walletAdminClient,
  walletClient,
} from '@consulate/sdk'
import { ROLE } from './entrances.ts'
import type { ServicesProcess } from './services-process.ts'
import { DOMAIN, until } from './start-system.ts'

/** An answer as it came: where from, and all of its headers and body. */
export interface Heard {
  path: string
  text: string
}

/** Everything that is done with secrets, and mistakes at every turn; tells every answer, and every token that was given out. */
export async function playTheLoop(services: ServicesProcess, adminToken: string) {
  const answers: Heard[] = []
  const tokens = new Map<string, string>()
  const listen = async (url: string | URL | globalThis.Request, init?: RequestInit) => {
    const response = await fetch(url, init)
    const text = JSON.stringify([...response.headers]) + (await response.clone().text())
    answers.push({ path: new URL(String(url)).pathname, text })
    return response
  }
  const at = (url: string, token: string) => ({ url, token, fetch: listen as typeof fetch })
  const issuer = issuerClient(at(services.issuer, adminToken))
  const wallet = walletAdminClient(at(services.wallet, adminToken))
  const admin = verifierAdminClient(at(services.verifier, adminToken))

  await issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  const issuerAdministrators = administratorsClient(at(services.issuer, adminToken))
  const follower = await issuerAdministrators.create({ name: 'a verifier', scopes: ['read'], validForSeconds: 600 })
  tokens.set('key of a verifier', follower.key)
  const trust = { roles: ['*'], statusUrl: `${services.issuer}/status`, statusToken: follower.key }
  await Promise.allSettled([
    admin.trust(services.issuerDid, { ...trust, statusUrl: 'http://issuer.example/status' }),
    admin.trust(services.issuerDid, { ...trust, roles: [follower.key] }),
    admin.trust('did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP', trust),
  ])
  await admin.trust(services.issuerDid, trust)
  await until(async () => (await admin.trusted(services.issuerDid)).status !== null)
  const server = await admin.addResourceServer('watched', [DOMAIN])
  tokens.set('resource server token', server.token)
  const administrators = administratorsClient(at(services.wallet, adminToken))
  const { id: keyId, key } = await administrators.create({ name: 'watched', scopes: ['read'], validForSeconds: 60 })
  tokens.set('key of an administrator', key)
  await walletAdminClient(at(services.wallet, key)).agents()
  await Promise.allSettled([walletAdminClient(at(services.wallet, key)).createAgent('not by this one')])
  await administrators.list()
  await administrators.remove(keyId)
  await Promise.allSettled([walletAdminClient(at(services.wallet, key)).agents()])
  const verifier = verifierClient(at(services.verifier, server.token))

  for (const name of ['an agent to be watched', 'another agent']) {
    const agent = await wallet.createAgent(name)
    tokens.set(`agent token of ${name}`, agent.token)
    const own = walletClient(at(services.wallet, agent.token), agent.did)
    const { id, verifiableCredential } = await issuer.issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
    await own.store(verifiableCredential)
    const { challenge } = await verifier.challenge(DOMAIN)
    const presentation = await own.present({ domain: DOMAIN, challenge })
    await verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge })
    await issuer.setStatus(id, 'suspension', true)
    await issuer.revokeRole(agent.did, ROLE, 'watched')
    await issuer.killAgent(agent.did)
    await Promise.allSettled([
      wallet.createAgent(name),
      own.store(`${verifiableCredential}A`),
      own.present({ domain: DOMAIN, challenge: '' }),
      verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge }),
      verifierClient(at(services.verifier, agent.token)).challenge(DOMAIN),
      listen(`${services.wallet}/agents`, { method: 'POST', body: agent.token }),
      listen(`${services.wallet}/nowhere`, { headers: { 'X-Request-Id': agent.token, traceparent: agent.token } }),
      listen(`${services.wallet}/agents?token=${agent.token}`, { headers: { Authorization: `Bearer ${adminToken}` } }),
    ])
  }
  await wallet.agents()
  await listen(`${services.verifier}/resource-servers`, { headers: { Authorization: `Bearer ${adminToken}` } })
  for (const url of [services.issuer, services.wallet, services.verifier])
    for (const path of ['/metrics', '/readyz', '/healthz']) await listen(`${url}${path}`)
  return { answers, tokens }
}
