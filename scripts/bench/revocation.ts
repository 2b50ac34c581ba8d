import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { issuerClient } from '@consulate/sdk'
import { until } from '../../test/system/start-system.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import type { Report } from './report.ts'
import { openWire } from './revocation/cut-wire.ts'
import { plot } from './revocation/plot.ts'
import type { Chain, Order, Reach, Report as Told } from './revocation/protocol.ts'
import { createParty } from './verify/party.ts'

const PROCESSES = 5
const VERIFIERS = 50
const ROLE = 'payments.approver'
/** Agents that are issued a role at the same time. */
const AT_ONCE = 16
const PLOT = 'docs/revocation.svg'
const NS_PER_MS = 1_000_000

interface Mode {
  what: string
  /** Agents that are revoked. */
  agents: number
  everyMs: number
  reach: Reach
  rpc: 'up' | 'down'
  goal: string
  isMet(p50: number, p99: number): boolean
}

const MODES = {
  push: {
    what: 'push',
    agents: 200,
    everyMs: 150,
    reach: 'everything',
    rpc: 'up',
    goal: 'p50 ≤ 50, p99 ≤ 300 ms',
    isMet: (p50, p99) => p50 <= 50 && p99 <= 300,
  },
  rpcDown: {
    what: 'push, all RPCs down',
    agents: 100,
    everyMs: 150,
    reach: 'everything',
    rpc: 'down',
    goal: 'p50 ≤ 50, p99 ≤ 300 ms',
    isMet: (p50, p99) => p50 <= 50 && p99 <= 300,
  },
  poll: {
    what: 'poll each second',
    agents: 60,
    everyMs: 330,
    reach: 'no pushes',
    rpc: 'up',
    goal: 'p99 ≤ 1,500 ms',
    isMet: (_p50, p99) => p99 <= 1_500,
  },
  partitioned: {
    what: 'cut off',
    agents: 40,
    everyMs: 100,
    reach: 'nothing',
    rpc: 'up',
    goal: 'p99 ≤ 6,000 ms',
    isMet: (_p50, p99) => p99 <= 6_000,
  },
} satisfies Record<string, Mode>

const AGENTS = Object.values(MODES).reduce((sum, { agents }) => sum + agents, 0)

const LEGEND = [
  `${AGENTS + 100} agents and ${VERIFIERS} verifiers: independent followers with connections of their own, in ${PROCESSES} processes beside`,
  'issuer, chain and bench, all on this machine. Measured from the moment that DELETE /agents/:did/roles/:role is sent to the',
  'first refusal at each verifier, where the credential is verified every 5 ms; meanwhile each process verifies a whole',
  'presentation of another agent every 20 ms. A verifier’s memory is kept in its process, not on disk.',
  'wrong    presentations of other agents that were refused; cut off, only those refused for anything but their age.',
  'cut off  a verifier can reach nothing of the issuer: it refuses everybody once its evidence is older than its budget (5 s).',
  `The plot is ${PLOT}.`,
]

/** From a revocation to the first refusal, at many verifiers that follow an issuer. */
export async function benchRevocation(): Promise<Report> {
  const world = await openWorld()
  const found: Record<string, { latencies: number[]; wrong: number }> = {}
  try {
    for (const [name, mode] of Object.entries(MODES)) found[name] = await world.run(mode)
  } finally {
    await world.stop()
  }
  const plotted = Object.entries(found).map(([name, { latencies }]) => [
    MODES[name as keyof typeof MODES].what,
    latencies,
  ])
  writeFileSync(PLOT, plot(Object.fromEntries(plotted)))
  const figures = Object.fromEntries(
    Object.entries(found).map(([name, { latencies, wrong }]) => [
      name,
      { p50Ms: at(latencies, 0.5), p95Ms: at(latencies, 0.95), p99Ms: at(latencies, 0.99), wrongRefusals: wrong },
    ]),
  )
  return {
    rows: Object.entries(figures).map(([name, { p50Ms, p95Ms, p99Ms, wrongRefusals }]) => {
      const { what, goal, isMet } = MODES[name as keyof typeof MODES]
      const met = isMet(p50Ms, p99Ms) && wrongRefusals === 0 ? 'yes' : 'no'
      return { what, p50: inMs(p50Ms), p95: inMs(p95Ms), p99: inMs(p99Ms), wrong: String(wrongRefusals), goal, met }
    }),
    legend: LEGEND,
    figures,
  }
}

async function openWorld() {
  const fleet = await startFleet('SQLite')
  const wire = await openWire(fleet.env.CONSULATE_RPC_URLS!)
  const issuer = await fleet.start('issuer', { CONSULATE_RPC_URLS: wire.url })
  const client = issuerClient({ url: issuer.url, token: fleet.adminToken })
  await client.putRole(ROLE, { description: 'x', maxValiditySeconds: 86_400, sensitivity: 'high' })
  const issue = async (did: string) =>
    (await client.issueRole(did, { role: ROLE, operator: 'ops@example.com' })).verifiableCredential
  const agents: { did: string; credential: string }[] = []
  while (agents.length < AGENTS) {
    const next = Array.from({ length: Math.min(AT_ONCE, AGENTS - agents.length) }, () => createParty().did)
    agents.push(...(await Promise.all(next.map(async (did) => ({ did, credential: await issue(did) })))))
  }
  const chain: Chain = {
    chainId: Number(fleet.env.CONSULATE_CHAIN_ID),
    rpcUrls: [wire.url],
    didRegistry: fleet.env.CONSULATE_DID_REGISTRY as `0x${string}`,
    statusRegistry: fleet.env.CONSULATE_STATUS_REGISTRY as `0x${string}`,
  }
  const refusals = new Map<number, { at: bigint; code: string }[]>()
  const processes = await Promise.all(Array.from({ length: PROCESSES }, () => openVerifiers(refusals)))
  const tell = (order: Order) => {
    for (const { child } of processes) child.send(order)
  }
  const ready = processes.map(({ next }) => next('ready'))
  tell({
    type: 'follow',
    issuer: issuer.did!,
    statusUrl: `${issuer.url}/status`,
    chain,
    verifiers: VERIFIERS / PROCESSES,
  })
  for (const [index, { child }] of processes.entries()) {
    const { agents: own } = await ready[index]!
    child.send({ type: 'present', credentials: await Promise.all(own.map(issue)) } satisfies Order)
  }
  const count = async () => {
    tell({ type: 'count' })
    return Promise.all(processes.map(({ next }) => next('counted')))
  }
  let revoked = 0

  return {
    async run({ agents: many, everyMs, reach, rpc }: Mode) {
      tell({ type: 'reach', what: 'everything' })
      wire.mend()
      await sleep(3_000)
      if (rpc === 'down') wire.cut()
      await count()
      tell({ type: 'reach', what: reach })
      await sleep(reach === 'no pushes' ? 4_000 : 0)
      const sent = new Map<number, bigint>()
      const calls: Promise<unknown>[] = []
      for (let n = 0; n < many; n++) {
        const id = revoked++
        const { did, credential } = agents[id]!
        refusals.set(id, [])
        tell({ type: 'watch', id, credential })
        await sleep(everyMs * (0.5 + Math.random()))
        sent.set(id, process.hrtime.bigint())
        calls.push(client.revokeRole(did, ROLE))
      }
      await Promise.all(calls)
      await until(async () => [...sent.keys()].every((id) => refusals.get(id)!.length === VERIFIERS), 30_000)
      const counted = await count()
      const latencies = [...sent].flatMap(([id, sentAt]) =>
        refusals.get(id)!.map(({ at: refusedAt }) => Number(refusedAt - sentAt) / NS_PER_MS),
      )
      const wrong = counted.flatMap(({ refused }) =>
        Object.entries(refused).flatMap(([code, times]) =>
          reach === 'nothing' && code === 'status_stale' ? [] : [times],
        ),
      )
      return { latencies, wrong: wrong.reduce((sum, times) => sum + times, 0) }
    },
    async stop() {
      for (const { child } of processes) child.disconnect()
      await Promise.all(processes.map(({ ended }) => ended))
      wire.close()
      await fleet.stop()
    },
  }
}

/** A process of verifiers, whose refusals are collected. */
async function openVerifiers(refusals: Map<number, { at: bigint; code: string }[]>) {
  const file = fileURLToPath(new URL('revocation/verifiers.ts', import.meta.url))
  const child: ChildProcess = fork(file, { execArgv: ['--conditions=@consulate/source'] })
  const waiting = new Map<string, (told: never) => void>()
  child.on('message', (told: Told) => {
    if (told.type === 'refused') refusals.get(told.id)!.push({ at: BigInt(told.at), code: told.code })
    else waiting.get(told.type)?.(told as never)
  })
  const next = <Type extends Told['type']>(type: Type) =>
    new Promise<Extract<Told, { type: Type }>>((resolve) => waiting.set(type, resolve as (told: never) => void))
  return { child, next, ended: once(child, 'exit') }
}

/** The value that this share of all stays below. */
function at(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

function inMs(value: number): string {
  return `${value.toFixed(1)} ms`
}
