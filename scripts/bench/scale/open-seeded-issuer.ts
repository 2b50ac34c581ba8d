import { parseEthrDid } from '@consulate/core'
import { createChainClient, readStatusEvents } from '@consulate/registry'
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
  const seed = () => seedIssuer(databaseUrl, past)
  const agents = await seed()
  const instance = await fleet.start('issuer')
  const { url } = instance
  return {
    fleet,
    databaseUrl,
    instance,
    url,
    /** Adds as much again, while no instance runs. */
    seed,
    /** Those whose credential is not revoked. */
    agents,
    client: issuerClient({ url, token: fleet.adminToken }),
    /** What is on chain of its heads, oldest first. */
    anchors: () => anchorsOf(fleet.env, signer.issuer),
    headers: { Authorization: `Bearer ${fleet.adminToken}`, 'Content-Type': 'application/json' },
    roles: (did: string) => `/agents/${encodeURIComponent(did)}/roles`,
  }
}

async function anchorsOf(env: Record<string, string>, did: string): Promise<number[]> {
  const chainId = Number(env.CONSULATE_CHAIN_ID)
  const client = createChainClient({ rpcUrls: [env.CONSULATE_RPC_URLS!], chainId })
  const statusRegistry = env.CONSULATE_STATUS_REGISTRY as `0x${string}`
  const range = { fromBlock: 0, toBlock: Number(await client.getBlockNumber()) }
  const events = await readStatusEvents(client, { statusRegistry, issuer: parseEthrDid(did).address, ...range })
  return events.flatMap((event) => (event.type === 'anchored' ? [event.head.version] : []))
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
