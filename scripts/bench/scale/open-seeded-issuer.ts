import { issuerClient } from '@consulate/sdk'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import type { DatabaseKind } from '../../../test/system/databases.ts'
import { startFleet } from '../../fleet/start-fleet.ts'
import { createParty } from '../verify/party.ts'
import { seedIssuer } from './seed-issuer.ts'

/** Starts an issuer in a process of its own, with a past of so many credentials. */
export async function openSeededIssuer(
  database: DatabaseKind,
  { role, credentials, revokedOf }: { role: string; credentials: number; revokedOf?: number },
  opened: AsyncDisposableStack,
) {
  const fleet = await startFleet(database)
  opened.defer(fleet.stop)
  const first = await fleet.start('issuer')
  const client = issuerClient({ url: first.url, token: fleet.adminToken })
  await client.putRole(role, { description: 'Approves payments', maxValiditySeconds: 86_400, sensitivity: 'high' })
  const signer = await signerOf(client, role)
  await first.end('SIGTERM')
  const databaseUrl = fleet.env.CONSULATE_ISSUER_DATABASE_URL!
  const past = { url: first.url, ...signer, role, credentials, ...(revokedOf !== undefined && { revokedOf }) }
  const agents = await seedIssuer(databaseUrl, past)
  const { url } = await fleet.start('issuer')
  return {
    url,
    /** Those whose credential is not revoked. */
    agents,
    client: issuerClient({ url, token: fleet.adminToken }),
    headers: { Authorization: `Bearer ${fleet.adminToken}`, 'Content-Type': 'application/json' },
    roles: (did: string) => `/agents/${encodeURIComponent(did)}/roles`,
  }
}

/** The issuer and the key that a credential of it names. */
async function signerOf(
  client: ReturnType<typeof issuerClient>,
  role: string,
): Promise<{ issuer: string; kid: string }> {
  const grant = { role, operator: 'ops@retailer.example' }
  const { verifiableCredential } = await client.issueRole(createParty().did, grant)
  const { kid } = decodeProtectedHeader(verifiableCredential)
  return { issuer: String(decodeJwt(verifiableCredential).issuer), kid: kid! }
}
