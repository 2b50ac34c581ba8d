import { randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { issuerClient } from '@consulate/sdk'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { freePort } from '../../test/system/free-port.ts'
import { until } from '../../test/system/start-system.ts'
import { createParty } from '../bench/verify/party.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import { auditIssuer } from './audit-issuer.ts'
import { createLedger } from './ledger.ts'
import type { DrillReport } from './report.ts'

export interface KillOptions {
  database: DatabaseKind
  kills: number
  workers: number
  /** At the longest, between a start that serves and the kill. */
  lifeMs: number
}

/** One mutation; it is sent again, with the same key, until it is answered. */
interface Operation {
  key: string
  agent: string
  kind: 'issue' | 'revoke'
}

const ROLE = 'payments.approver'
const AGENTS = 300
const AUDIT_EVERY = 50
const REPEATED = 200

/**
 * Kills an issuer at random moments under load, and starts it again. What was acknowledged is there, to the byte; what
 * was not is there wholly or not at all, and sending it again with the same Idempotency-Key makes one credential.
 */
export async function drillKill({ database, kills, workers, lifeMs }: KillOptions): Promise<DrillReport> {
  const fleet = await startFleet(database)
  try {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const start = () => fleet.start('issuer', { CONSULATE_ISSUER_PORT: String(port) })
    // On a busy machine a start can run out of patience with the chain; whoever runs a service starts it again.
    const startAgain = () => start().catch(start)
    const agents = Array.from({ length: AGENTS }, () => createParty().did)
    const ledger = createLedger()
    const answered = new Map<Operation, string>()
    const problems: string[] = []
    let unanswered: Operation[] = []

    const send = async (operation: Operation): Promise<void> => {
      const client = issuerClient({ url, token: fleet.adminToken, fetch: withKey(operation.key) })
      if (operation.kind === 'revoke') {
        const { revoked } = await client.revokeRole(operation.agent, ROLE, 'drill')
        return ledger.recordRevoked(revoked)
      }
      const issued = await client.issueRole(operation.agent, { role: ROLE, operator: 'ops@example.com' })
      ledger.recordIssued(issued)
      answered.set(operation, issued.verifiableCredential)
    }
    const worker = async (queue: Operation[], alive: () => boolean) => {
      while (alive()) {
        const operation = queue.pop() ?? newOperation(agents)
        try {
          await send(operation)
        } catch (error) {
          if ((error as { code?: string }).code !== 'role_not_held') unanswered.push(operation)
        }
      }
    }

    for (let life = 0; life <= kills; life++) {
      const issuer = await startAgain()
      if (life === 0) await defineRole(url, fleet.adminToken)
      const queue = unanswered
      unanswered = []
      if (life === kills) {
        for (const operation of queue)
          await send(operation).catch((error) => problems.push(`${operation.key}: ${error}`))
        problems.push(...(await sendAgain(answered, send, ledger)))
        await until(
          async () => (await issuerClient({ url, token: fleet.adminToken }).statusHead()).anchor.state !== 'pending',
          60_000,
        )
        break
      }
      let alive = true
      const working = Array.from({ length: workers }, () => worker(queue, () => alive))
      await sleep(randomInt(lifeMs))
      alive = false
      await issuer.end('SIGKILL')
      await Promise.all(working)
      unanswered.push(...queue)
      if (life % AUDIT_EVERY === AUDIT_EVERY - 1)
        problems.push(...(await auditIssuer(fleet.env.CONSULATE_ISSUER_DATABASE_URL!, ledger, 'unsigned')))
    }
    problems.push(...(await auditIssuer(fleet.env.CONSULATE_ISSUER_DATABASE_URL!, ledger)))
    return {
      figures: {
        kills,
        acknowledged: ledger.acknowledgements,
        issued: ledger.issued.size,
        revoked: ledger.revoked.size,
        lost: problems.length,
      },
      problems,
    }
  } finally {
    await fleet.stop()
  }
}

function newOperation(agents: readonly string[]): Operation {
  return {
    key: randomUUID(),
    agent: agents[randomInt(agents.length)]!,
    kind: randomInt(20) === 0 ? 'revoke' : 'issue',
  }
}

function withKey(key: string): typeof globalThis.fetch {
  return (input, init) => fetch(input, { ...init, headers: { ...init?.headers, 'Idempotency-Key': key } })
}

/** Requests that were answered, perhaps several lives ago, are answered with the same bytes again. */
async function sendAgain(
  answered: ReadonlyMap<Operation, string>,
  send: (operation: Operation) => Promise<void>,
  ledger: { issued: Map<string, string> },
): Promise<string[]> {
  const before = ledger.issued.size
  const some = [...answered.keys()].filter((_operation, at) => at % Math.ceil(answered.size / REPEATED) === 0)
  for (const operation of some) await send(operation)
  return ledger.issued.size === before
    ? []
    : [`${ledger.issued.size - before} repeated requests made another credential`]
}

async function defineRole(url: string, token: string): Promise<void> {
  const role = { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'high' as const }
  await issuerClient({ url, token }).putRole(ROLE, role)
}
