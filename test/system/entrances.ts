import { credentialOf, V2 } from './secure.ts'
import { ADMIN_TOKEN, DOMAIN, type System, type TestAgent } from './start-system.ts'

/** A route that takes a body: who may call it, and a body of the right shape. */
export interface Entrance {
  name: string
  url: string
  method: 'POST' | 'PUT'
  token: string
  body: Record<string, unknown>
  verifies: boolean
  /** The member that may be of more than one type. */
  either?: string
}

export const ROLE = 'payments.approver'
const CHALLENGE = 'a-challenge-of-nobody'

/** Every route of the three services that takes a body. */
export function entrancesOf({ issuer, wallet, verifier, verifierToken }: System, agent: TestAgent): Entrance[] {
  const did = encodeURIComponent(agent.did)
  const { id: credentialId, verifiableCredential } = agent.credential
  const description = { description: 'a role', maxValiditySeconds: 60, sensitivity: 'high' }
  const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
  const statusUrl = `${issuer.url}/status`
  const options = { challenge: CHALLENGE, domain: DOMAIN }
  const asked = { domain: DOMAIN, challenge: CHALLENGE, roles: [ROLE], htm: 'GET', htu: DOMAIN }
  const admin = ADMIN_TOKEN
  const administrator = { name: 'new administrator', scopes: ['read'], validForSeconds: 60 }
  const trust = `/trust/issuers/${encodeURIComponent(issuer.did)}`
  return [
    entrance('PUT', issuer.url, '/roles/new.role', admin, description),
    entrance('POST', issuer.url, `/agents/${did}/roles`, admin, { role: ROLE, operator: 'ops', validForSeconds: 9 }),
    entrance('POST', issuer.url, '/credentials/issue', admin, {
      credential: credentialOf(issuer.did),
      options: { credentialId: 'urn:x:1' },
    }),
    entrance('POST', issuer.url, '/credentials/status', admin, { credentialId, credentialStatus, status: true }),
    ...[issuer, wallet, verifier].map(({ url }) => entrance('POST', url, '/administrators', admin, administrator)),
    entrance('POST', wallet.url, '/agents', admin, { name: 'new agent', method: 'key' }),
    entrance('POST', wallet.url, `/agents/${did}/credentials`, agent.token, { verifiableCredential }),
    entrance('POST', wallet.url, `/agents/${did}/presentations`, agent.token, asked),
    entrance('POST', wallet.url, '/presentations', agent.token, {
      presentation: { '@context': [V2], type: 'VerifiablePresentation', holder: agent.did },
      options,
    }),
    entrance('PUT', verifier.url, trust, admin, { roles: ['*'], statusUrl, minSensitivity: 'low' }),
    entrance('POST', verifier.url, '/resource-servers', admin, { name: 'new server', domains: [DOMAIN] }),
    entrance('POST', verifier.url, '/challenges', verifierToken, { domain: DOMAIN }),
    entrance('POST', verifier.url, '/presentations/verify', verifierToken, {
      verifiablePresentation: 'a.b.c',
      options,
    }),
    entrance('POST', verifier.url, '/credentials/verify', verifierToken, { verifiableCredential: 'a.b.c' }),
    entrance('POST', issuer.url, '/instances/open/credentials/issue', admin, {
      credential: credentialOf('did:example:issuer'),
      options: { credentialId },
    }),
    entrance('POST', issuer.url, '/instances/open/credentials/status', admin, {
      credentialId,
      credentialStatus,
      status: true,
    }),
    {
      ...entrance('POST', verifier.url, '/instances/open/presentations/verify', verifierToken, {
        verifiablePresentation: 'a.b.c',
        options,
      }),
      either: 'verifiablePresentation',
    },
    {
      ...entrance('POST', verifier.url, '/instances/open/credentials/verify', verifierToken, {
        verifiableCredential: 'a.b.c',
      }),
      either: 'verifiableCredential',
    },
  ]
}

function entrance(
  method: Entrance['method'],
  service: string,
  path: string,
  token: string,
  body: Record<string, unknown>,
): Entrance {
  const name = `${method} ${path}`
  return { name, url: `${service}${path}`, method, token, body, verifies: path.endsWith('/verify') }
}
