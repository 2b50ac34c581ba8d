import { randomBytes } from 'node:crypto'
import { DomainError, FRESHNESS, verifyCredential, verifyPresentation } from '@consulate/core'
import { createChainReader, createEvidence, createKeyResolver, STATUS_LIMITS } from '@consulate/sdk'
import { createLogger } from '@consulate/server'
import { createStatusFollower } from '../../../packages/verifier/src/adapters/status-follower.ts'
import { forgetful } from '../../../test/system/tampering.ts'
import { present, secondsNow } from '../verify/content.ts'
import { createParty } from '../verify/party.ts'
import type { Order, Reach, Report } from './protocol.ts'

const DOMAIN = 'https://api.example'
const AGENTS = 20
const PROBE_MS = 5
const PRESENT_MS = 20

const parties = Array.from({ length: AGENTS }, createParty)
const watched = new Map<number, string>()
let credentials: string[] = []
let reach: Reach = 'everything'
let presented = 0
let refused: Record<string, number> = {}

const tell = (report: Report) => process.send!(report)

/** The network as the bench lets it be. */
const reaching: typeof globalThis.fetch = async (input, init) => {
  const isEvents = String(input).endsWith('/status/events')
  const isCut = () => reach === 'nothing' || (reach === 'no pushes' && isEvents)
  if (isCut()) throw new Error('the network is cut')
  const cutting = new AbortController()
  const signal = init?.signal ? AbortSignal.any([init.signal, cutting.signal]) : cutting.signal
  cuts.add(() => isCut() && cutting.abort(new Error('the network is cut')))
  return fetch(input, { ...init, signal })
}
const cuts = new Set<() => unknown>()

function follow({ issuer, statusUrl, chain, verifiers }: Extract<Order, { type: 'follow' }>) {
  const trust = { roles: ['*'], minSensitivity: 'high' } as const
  const open = () => {
    const resolver = createKeyResolver({ chain })
    const follower = createStatusFollower({
      chain,
      reader: createChainReader(chain),
      resolver,
      memory: forgetful(),
      statusTokens: { open: () => '' },
      fetch: reaching,
      nowMs: Date.now,
      freshness: FRESHNESS,
      limits: STATUS_LIMITS,
      logger: createLogger('verifier', 'silent'),
    })
    follower.follow({ did: issuer, statusUrl, statusToken: null })
    const evidence = createEvidence({ trust: () => trust, follower: follower.find, resolver, now: secondsNow })
    const ports = { ...evidence, checkChallenge() {}, consumeChallenge: async () => {} }
    return { ports, seen: new Set<number>(), isReady: () => follower.describe(issuer)?.pushed ?? false }
  }
  return Array.from({ length: verifiers }, open)
}

type Verifier = ReturnType<typeof follow>[number]

function probe({ ports, seen }: Verifier): void {
  for (const [id, credential] of watched) {
    if (seen.has(id)) continue
    try {
      verifyCredential(ports, credential)
    } catch (error) {
      const at = process.hrtime.bigint()
      seen.add(id)
      tell({ type: 'refused', id, at: String(at), code: codeOf(error) })
    }
  }
}

async function presentSomebody({ ports }: Verifier, at: number): Promise<void> {
  const party = parties[at % AGENTS]!
  const demand = { domain: DOMAIN, challenge: randomBytes(38).toString('base64url') }
  const { presentation } = present(credentials[at % AGENTS]!, party, demand)
  presented += 1
  try {
    await verifyPresentation(ports, presentation, demand)
  } catch (error) {
    refused[codeOf(error)] = (refused[codeOf(error)] ?? 0) + 1
  }
}

function codeOf(error: unknown): string {
  if (error instanceof DomainError) return error.code
  throw error
}

function begin(verifiers: Verifier[]): void {
  setInterval(() => verifiers.forEach(probe), PROBE_MS)
  let next = 0
  setInterval(() => {
    if (credentials.length > 0) void presentSomebody(verifiers[next++ % verifiers.length]!, next)
  }, PRESENT_MS)
}

process.on('message', (order: Order) => {
  switch (order.type) {
    case 'follow': {
      const verifiers = follow(order)
      const waiting = setInterval(() => {
        if (!verifiers.every(({ isReady }) => isReady())) return
        clearInterval(waiting)
        begin(verifiers)
        tell({ type: 'ready', agents: parties.map(({ did }) => did) })
      }, 50)
      return
    }
    case 'reach':
      reach = order.what
      for (const cut of cuts) cut()
      return
    case 'watch':
      watched.set(order.id, order.credential)
      return
    case 'present':
      credentials = order.credentials
      return
    case 'count':
      tell({ type: 'counted', presented, refused })
      presented = 0
      refused = {}
  }
})
process.once('disconnect', () => process.exit())
