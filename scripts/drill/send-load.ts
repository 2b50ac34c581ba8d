import { randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type IssuedRole, issuerClient } from '@consulate/sdk'
import { createParty } from '../bench/verify/party.ts'
import type { Ledger } from './ledger.ts'

/** What became of one request; times are those of `performance.now()`. */
export interface Sent {
  begunAt: number
  endedAt: number
  /** Undefined when there was no whole answer. */
  status?: number
  code?: string
  /** The answer's Retry-After, when it has one. */
  retryAfter?: number
  /** Why there was no whole answer: the system's code. */
  broken?: string
}

export interface Load {
  sent: readonly Sent[]
  /** Waits for the requests under way. */
  stop(): Promise<void>
}

/** Of either kind of change, or a problem. */
type Answer = IssuedRole & { revoked: string[]; code?: string }

interface Target {
  url: string
  token: string
  workers: number
  ledger: Ledger
}

const ROLE = 'payments.approver'

const AGENTS = 300
/** After anything that is no success, so that a service in need is not asked thousands of times a second. */
const PAUSE_MS = 25

/** Issues roles, and revokes one for each twenty, over so many connections, which are kept; nothing is sent twice. */
export function sendLoad({ url, token, workers, ledger }: Target): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: workers })
  const agents = Array.from({ length: AGENTS }, () => createParty().did)
  const sent: Sent[] = []
  let stopped = false
  const worker = async () => {
    while (!stopped) {
      const did = agents[randomInt(AGENTS)]!
      const { outcome, body } = await send(`${url}/agents/${encodeURIComponent(did)}/roles`, token, agent)
      sent.push(outcome)
      if (outcome.status === 201) ledger.recordIssued(body!)
      else if (outcome.status === 200) ledger.recordRevoked(body!.revoked)
      else await sleep(PAUSE_MS)
    }
  }
  const working = Promise.all(Array.from({ length: workers }, worker))
  return {
    sent,
    async stop() {
      stopped = true
      await working
      agent.destroy()
    },
  }
}

export async function defineRole(url: string, token: string): Promise<void> {
  const role = { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'high' as const }
  await issuerClient({ url, token }).putRole(ROLE, role)
}

/** Answered as it should be: with success, or that there is nothing to revoke. */
export function isServed({ status = 0 }: Sent): boolean {
  return status === 200 || status === 201 || status === 404
}

/** The caller may try again, and knows when. */
export function isUnavailable({ status, code, retryAfter }: Sent): boolean {
  return status === 503 && code === 'unavailable' && retryAfter !== undefined
}

async function send(roles: string, token: string, agent: Agent): Promise<{ outcome: Sent; body?: Answer }> {
  const headers = { Authorization: `Bearer ${token}`, 'Idempotency-Key': randomUUID() }
  const revokes = randomInt(20) === 0
  const message = revokes
    ? request(`${roles}/${ROLE}?reason=drill`, { method: 'DELETE', headers, agent })
    : request(roles, { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, agent })
  const begunAt = performance.now()
  const ended = () => ({ begunAt, endedAt: performance.now() })
  try {
    message.end(revokes ? undefined : JSON.stringify({ role: ROLE, operator: 'ops@example.com' }))
    const [response] = (await once(message, 'response')) as [IncomingMessage]
    const body = JSON.parse(await text(response)) as Answer
    const retryAfter = response.headers['retry-after']
    const outcome: Sent = {
      ...ended(),
      status: response.statusCode!,
      ...(body.code !== undefined && { code: body.code }),
      ...(retryAfter !== undefined && { retryAfter: Number(retryAfter) }),
    }
    return { outcome, body }
  } catch (error) {
    const { code } = error as { code?: string }
    return { outcome: { ...ended(), broken: code ?? String(error) } }
  }
}
