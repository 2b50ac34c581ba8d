import type { Services } from '../services/find-services.ts'
import type { DemoAgent } from './cast.ts'
import { presentRole } from './present-role.ts'

export interface Undisturbed {
  presentations: number
  refused: number
  slowestMs: number
}

const AT_ONCE = 4

/** Lets agents present in turn, a few at a time, until `end`. */
export async function goOnUntil(
  services: Services,
  agents: readonly DemoAgent[],
  end: Promise<unknown>,
): Promise<Undisturbed> {
  const verifier = services.verifier()
  const seen: Undisturbed = { presentations: 0, refused: 0, slowestMs: 0 }
  let ended = false
  const noteEnd = () => {
    ended = true
  }
  end.then(noteEnd, noteEnd)
  const worker = async (_: unknown, first: number) => {
    for (let turn = first; !ended; turn += AT_ONCE) {
      const begun = performance.now()
      if ((await presentRole(verifier, agents[turn % agents.length]!)) !== undefined) seen.refused++
      seen.presentations++
      seen.slowestMs = Math.max(seen.slowestMs, Math.round(performance.now() - begun))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return seen
}
