import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createRole, present } from '../bench/verify/content.ts'
import { createOurs } from '../bench/verify/ours.ts'
import { createParty } from '../bench/verify/party.ts'
import type { DrillReport } from './report.ts'

/** So many are verified again and again, and each fourth verification meets a credential that nobody has seen before. */
const AGENTS = 100
const FRESH_EVERY = 4

/** Verifications that do not count: after them as many credentials are remembered as ever will be, and code is compiled. */
const WARM_UP = 50_000
const HEAP_GROWTH = { ratio: 1.1, bytes: 2_000_000 }
/** In the second half: in the first, V8 finds the size at which it works. */
const RSS_GROWTH = 1.05

/** Verifies so many presentations with `verifyPresentation`, in this process; what it keeps of them does not grow. */
export async function drillMemory(verifications: number): Promise<DrillReport> {
  const verify = createVerifying()
  const half = Math.ceil(verifications / 2)
  await verify(WARM_UP)
  const start = await measure()
  await verify(half)
  const middle = await measure()
  await verify(verifications - half)
  const end = await measure()
  const heapFlat = end.heap <= start.heap * HEAP_GROWTH.ratio + HEAP_GROWTH.bytes
  const rssFlat = end.rss <= middle.rss * RSS_GROWTH
  return {
    figures: {
      verifications,
      heapStartMb: megabytes(start.heap),
      heapMiddleMb: megabytes(middle.heap),
      heapEndMb: megabytes(end.heap),
      rssStartMb: megabytes(start.rss),
      rssMiddleMb: megabytes(middle.rss),
      rssEndMb: megabytes(end.rss),
    },
    problems: [
      ...(heapFlat ? [] : [`the heap grew from ${megabytes(start.heap)} to ${megabytes(end.heap)} MB`]),
      ...(rssFlat ? [] : [`the process grew from ${megabytes(middle.rss)} to ${megabytes(end.rss)} MB`]),
    ],
  }
}

function createVerifying(): (times: number) => Promise<void> {
  const issuer = createParty()
  const agents = Array.from({ length: AGENTS }, createParty)
  const issue = (at: number) => issuer.signJws('vc+jwt', createRole(issuer, agents[at]!))
  const known = agents.map((_agent, at) => issue(at))
  const ours = createOurs(issuer.did)
  return async (times) => {
    for (let count = 0; count < times; count++) {
      const at = count % AGENTS
      // As a service does, which gets back to its event loop all the time.
      if (at === 0) await nextTurn()
      const presented = present(count % FRESH_EVERY === 0 ? issue(at) : known[at]!, agents[at]!)
      ours.give(presented.demand.challenge)
      await ours.verify(presented)
    }
  }
}

/** At rest: what is garbage is collected, and what was native about it is given back a moment later. */
async function measure(): Promise<{ heap: number; rss: number }> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let times = 0; times < 3; times++) {
    collect()
    await sleep(300)
  }
  const { heapUsed, rss } = process.memoryUsage()
  return { heap: heapUsed, rss }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 100_000) / 10
}
