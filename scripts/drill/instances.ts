import { randomInt } from 'node:crypto'
import { type IssuedRole, issuerClient, verifierAdminClient, verifierClient } from '@consulate/sdk'
import { listen } from '@consulate/server'
import { until } from '../../test/system/start-system.ts'
import { present } from '../bench/verify/content.ts'
import { createParty, type Party } from '../bench/verify/party.ts'
import { type Fleet, startFleet } from '../fleet/start-fleet.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import type { DrillReport } from './report.ts'

export interface InstancesOptions {
  workers: number
  issuances: number
  revocations: number
}

const ROLE = 'payments.approver'
const DOMAIN = 'https://api.example'
const AGENTS = 500
const REPLAYS = 20

/**
 * Two issuers and two verifiers on one PostgreSQL, all issuing and revoking at once; one issuer is killed in the middle.
 * Afterwards nothing that was acknowledged is missing, nothing was given out twice, and the heads are one chain.
 */
export async function drillInstances(options: InstancesOptions): Promise<DrillReport> {
  const fleet = await startFleet('PostgreSQL')
  try {
    const { urls, did, killSecond } = await startIssuers(fleet)
    const ledger = createLedger()
    const agents = Array.from({ length: AGENTS }, createParty)
    let unanswered = 0
    let left = { ...options }

    const worker = async () => {
      while (left.issuances + left.revocations > 0) {
        const revoke = randomInt(left.issuances + left.revocations) < left.revocations
        left = revoke ? { ...left, revocations: left.revocations - 1 } : { ...left, issuances: left.issuances - 1 }
        if (left.issuances === Math.floor(options.issuances / 2)) killSecond()
        const client = issuerClient({ url: urls()[randomInt(urls().length)]!, token: fleet.adminToken })
        const agent = agents[randomInt(AGENTS)]!.did
        try {
          if (revoke) ledger.recordRevoked((await client.revokeRole(agent, ROLE, 'drill')).revoked)
          else ledger.recordIssued(await client.issueRole(agent, { role: ROLE, operator: 'ops@example.com' }))
        } catch (error) {
          if ((error as { code?: string }).code !== 'role_not_held') unanswered += 1
        }
      }
    }
    const startedAt = performance.now()
    const verifiers = startVerifiers(fleet, did, urls()[0]!)
    await Promise.all(Array.from({ length: options.workers }, worker))
    const seconds = (performance.now() - startedAt) / 1000

    const client = issuerClient({ url: urls()[0]!, token: fleet.adminToken })
    await until(async () => (await client.statusHead()).anchor.state !== 'pending', 60_000)
    const issuerProblems = await auditIssuer(fleet.env.CONSULATE_ISSUER_DATABASE_URL!, ledger)
    const verifierProblems = await replay(await verifiers, client, agents[0]!)
    return {
      figures: {
        acknowledged: ledger.acknowledgements,
        issued: ledger.issued.size,
        revoked: ledger.revoked.size,
        unanswered,
        perSecond: Math.round(ledger.acknowledgements / seconds),
        problems: issuerProblems.length + verifierProblems.length,
      },
      problems: [...issuerProblems, ...verifierProblems],
    }
  } finally {
    await fleet.stop()
  }
}

/** Both at once, on an empty database: one makes the issuer's identity, and the other finds it. */
async function startIssuers(fleet: Fleet) {
  const { port, close } = await listen('127.0.0.1', 0)
  await close()
  const publicUrl = { CONSULATE_ISSUER_PUBLIC_URL: `http://127.0.0.1:${port}` }
  const [first, second] = await Promise.all([
    fleet.start('issuer', { ...publicUrl, CONSULATE_ISSUER_PORT: String(port) }),
    fleet.start('issuer', publicUrl),
  ])
  if (first.did !== second.did) throw new Error(`two issuers on one database: ${first.did} and ${second.did}`)
  const role = { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'high' as const }
  await issuerClient({ url: first.url, token: fleet.adminToken }).putRole(ROLE, role)
  let urls = [first.url, second.url]
  return {
    did: first.did!,
    urls: () => urls,
    killSecond() {
      if (urls.length === 1) return
      urls = [first.url]
      void second.end('SIGKILL')
    },
  }
}

async function startVerifiers(fleet: Fleet, issuerDid: string, issuerUrl: string) {
  const [one, other] = await Promise.all([fleet.start('verifier'), fleet.start('verifier')])
  const admins = [one, other].map(({ url }) => verifierAdminClient({ url, token: fleet.adminToken }))
  await admins[0]!.trust(issuerDid, { roles: ['*'], statusUrl: `${issuerUrl}/status` })
  const { token } = await admins[0]!.addResourceServer('drill', [DOMAIN])
  // What one was told the other has heard.
  await until(async () => (await admins[1]!.trusted(issuerDid)).status !== null, 60_000)
  return [one, other].map(({ url }) => verifierClient({ url, token }))
}

/** A challenge is good once, on whichever instance; what was revoked is refused on both. */
async function replay(
  verifiers: ReturnType<typeof verifierClient>[],
  issuer: ReturnType<typeof issuerClient>,
  agent: Party,
): Promise<string[]> {
  const problems: string[] = []
  const issued: IssuedRole = await issuer.issueRole(agent.did, { role: ROLE, operator: 'ops@example.com' })
  const ask = async (): Promise<number> => {
    const { challenge } = await verifiers[0]!.challenge(DOMAIN)
    const { presentation } = present(issued.verifiableCredential, agent, { domain: DOMAIN, challenge })
    const answers = await Promise.allSettled(
      [...verifiers, ...verifiers].map((verifier) =>
        verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge }),
      ),
    )
    return answers.filter(({ status }) => status === 'fulfilled').length
  }
  for (let count = 0; count < REPLAYS; count++) {
    const accepted = await ask()
    if (accepted !== 1) problems.push(`one challenge was accepted ${accepted} times`)
  }
  await issuer.revokeRole(agent.did, ROLE, 'drill')
  await until(async () => (await ask()) === 0, 10_000).catch(() => problems.push('a revoked role is still accepted'))
  return problems
}
