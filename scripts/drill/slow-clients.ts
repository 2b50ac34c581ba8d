import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { issuerClient, verifierAdminClient } from '@consulate/sdk'
import { until } from '../../test/system/start-system.ts'
import { present } from '../bench/verify/content.ts'
import { createParty } from '../bench/verify/party.ts'
import { type Fleet, startFleet } from '../fleet/start-fleet.ts'
import type { DrillReport } from './report.ts'

export interface SlowClientsOptions {
  clients: number
  rounds: number
  /** Of each half of a round: without and with slow clients. */
  halfMs: number
  workers: number
}

const ROLE = 'payments.approver'
const DOMAIN = 'https://api.example'
const GOAL = 2
/** Between two bytes of a slow client. */
const TRICKLE_MS = 2_000

/**
 * Verifies presentations over HTTP, in turns without and with slow clients, who send headers or bodies a byte at a time,
 * with and without a token, and connect again when they are thrown out. Ordinary requests hardly notice.
 */
export async function drillSlowClients({ clients, rounds, halfMs, workers }: SlowClientsOptions): Promise<DrillReport> {
  const fleet = await startFleet('SQLite')
  try {
    const { url, token, ask } = await openVerifier(fleet, workers)
    await ask(halfMs)
    const taken = { without: [] as number[], with: [] as number[] }
    let refused = 0
    for (let round = 0; round < rounds; round++) {
      taken.without.push(...(await ask(halfMs)))
      const slow = openSlowClients(url, token, clients)
      await until(async () => slow.connected() === clients, 30_000)
      taken.with.push(...(await ask(halfMs)))
      refused += slow.refused()
      slow.stop()
    }
    const [p99WithoutMs, p99WithMs] = [p99(taken.without), p99(taken.with)]
    const ratio = Math.round((p99WithMs / p99WithoutMs) * 100) / 100
    return {
      figures: { slowClients: clients, requests: taken.with.length, p99WithoutMs, p99WithMs, ratio, refused },
      problems: ratio < GOAL ? [] : [`the 99th percentile with slow clients is ${ratio} times what it is without`],
    }
  } finally {
    await fleet.stop()
  }
}

async function openVerifier(fleet: Fleet, workers: number) {
  const issuer = await fleet.start('issuer')
  const client = issuerClient({ url: issuer.url, token: fleet.adminToken })
  await client.putRole(ROLE, { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'low' })
  const party = createParty()
  const { verifiableCredential } = await client.issueRole(party.did, { role: ROLE, operator: 'ops@example.com' })
  const { url } = await fleet.start('verifier')
  const admin = verifierAdminClient({ url, token: fleet.adminToken })
  await admin.trust(issuer.did!, { roles: ['*'], statusUrl: `${issuer.url}/status` })
  await until(async () => (await admin.trusted(issuer.did!)).status !== null)
  const { token } = await admin.addResourceServer('drill', [DOMAIN])
  const agent = new Agent({ keepAlive: true, maxSockets: workers })
  const post = async (path: string, body: unknown, times: number[]) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const begun = performance.now()
    const { status, answer } = await new Promise<{ status: number; answer: string }>((resolve, reject) =>
      request(`${url}${path}`, { method: 'POST', headers, agent }, (response) =>
        text(response).then((answer) => resolve({ status: response.statusCode!, answer }), reject),
      )
        .on('error', reject)
        .end(JSON.stringify(body)),
    )
    times.push(performance.now() - begun)
    if (status !== 200) throw new Error(`an ordinary request was refused with ${status}: ${answer}`)
    return JSON.parse(answer)
  }
  return {
    url,
    token,
    /** How long each request took, in milliseconds. */
    async ask(milliseconds: number): Promise<number[]> {
      const times: number[] = []
      const end = performance.now() + milliseconds
      const worker = async () => {
        while (performance.now() < end) {
          const { challenge } = await post('/challenges', { domain: DOMAIN }, times)
          const options = { domain: DOMAIN, challenge }
          const { presentation } = present(verifiableCredential, party, options)
          await post('/presentations/verify', { verifiablePresentation: presentation, options }, times)
        }
      }
      await Promise.all(Array.from({ length: workers }, worker))
      return times
    },
  }
}

function openSlowClients(url: string, token: string, clients: number) {
  const { hostname, port } = new URL(url)
  const post =
    'POST /presentations/verify HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 200000\r\n'
  const openings = [
    'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
    `${post}\r\n{`,
    `${post}Authorization: Bearer ${token}\r\n\r\n{`,
  ]
  const connected = new Set<Socket>()
  let stopped = false
  let refused = 0
  const client = async (at: number) => {
    while (!stopped) {
      const socket = connect(Number(port), hostname)
      const gone = new Promise((resolve) => socket.once('close', resolve))
      socket.on('error', () => undefined)
      socket.once('connect', () => connected.add(socket))
      socket.once('data', () => (refused += 1))
      socket.write(openings[at % openings.length]!)
      const trickle = setInterval(() => socket.writable && socket.write('x'), TRICKLE_MS)
      await gone
      clearInterval(trickle)
      connected.delete(socket)
      await sleep(100)
    }
  }
  for (let at = 0; at < clients; at++) void client(at)
  return {
    connected: () => connected.size,
    /** Answers that slow clients were given. */
    refused: () => refused,
    stop() {
      stopped = true
      for (const socket of connected) socket.destroy()
    },
  }
}

function p99(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b)
  return Math.round(sorted[Math.floor(sorted.length * 0.99)]! * 100) / 100
}
