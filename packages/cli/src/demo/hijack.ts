import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import type { AnchorState } from '@consulate/sdk'
import type { Services } from '../services/find-services.ts'
import type { DemoAgent } from './cast.ts'
import { presentRole } from './present-role.ts'

export interface Hijack {
  /** Milliseconds from the revoke call: to its answer, to the first refusal, to the anchor in a block. */
  revokeMs: number
  firstRefusalMs: number
  anchoredMs: number
  refusal: string
  /** Presentations that still passed after the call, before the first refusal. */
  passedMeanwhile: number
  /** Whether any passed after the first refusal. */
  passedAgain: boolean
  block: number | undefined
  txHash: string | undefined
}

const PROBE_MS = 3
const PATIENCE_MS = 60_000

/** Revokes the role of a hijacked agent, which presents itself without a pause, and measures how long that goes well. */
export async function hijack(services: Services, agent: DemoAgent): Promise<Hijack> {
  const issuer = services.issuer()
  const calledAt = performance.now()
  const since = () => Math.round(performance.now() - calledAt)
  const revoking = issuer.revokeRole(agent.did, agent.role, 'hijacked').then(since)
  const anchoring = revoking.then(() => waitForAnchor(services, agent.credential.id, since))
  const [revokeMs, probes, anchored] = await Promise.all([
    revoking,
    probe(services, agent, since, anchoring),
    anchoring,
  ])
  return { revokeMs, ...probes, ...anchored }
}

/** Goes on after the first refusal until `end`, to see that it stays refused. */
async function probe(services: Services, agent: DemoAgent, since: () => number, end: Promise<unknown>) {
  const verifier = services.verifier()
  let ended = false
  const noteEnd = () => {
    ended = true
  }
  end.then(noteEnd, noteEnd)
  let passedMeanwhile = 0
  let passedAgain = false
  let first: { refusal: string; firstRefusalMs: number } | undefined
  while (!first || !ended) {
    const refusal = await presentRole(verifier, agent)
    if (refusal !== undefined) first ??= { refusal, firstRefusalMs: since() }
    else if (first) passedAgain = true
    else passedMeanwhile++
    if (since() > PATIENCE_MS) throw new DomainError('internal', 'The hijacked agent was not refused within a minute.')
    await sleep(PROBE_MS)
  }
  return { ...first, passedMeanwhile, passedAgain }
}

async function waitForAnchor(services: Services, credentialId: string, since: () => number) {
  const issuer = services.issuer()
  for (;;) {
    const { state, block, txHash }: AnchorState = (await issuer.credential(credentialId)).lastChange?.anchor ?? {
      state: 'pending',
    }
    if (state !== 'pending') return { anchoredMs: since(), block, txHash }
    if (since() > PATIENCE_MS) throw new DomainError('internal', 'The revocation was not anchored within a minute.')
    await sleep(20)
  }
}
