import type { Terminal } from '../terminal/terminal.ts'
import { createCast, type DemoAgent } from './cast.ts'
import { forEach } from './for-each.ts'
import { goOnUntil } from './go-on.ts'
import { hijack } from './hijack.ts'
import { presentRole } from './present-role.ts'
import { type Summary, summarize } from './summary.ts'
import { tryStolenCredential } from './thief.ts'
import type { Instance } from './with-instance.ts'

/** The retailer's story: its agents present their roles, one is hijacked and revoked, the others go on. */
export async function playDemo({ services, kind }: Instance, count: number, terminal: Terminal): Promise<Summary> {
  const progress = await terminal.progress('')
  const counting = (text: string) => (done: number) => progress.update(`${text}: ${done} of ${count}`)
  const presentAll = async (agents: DemoAgent[], text: string) => {
    const refusals = await forEach(agents, (agent) => presentRole(services.verifier(), agent), counting(text))
    return refusals.filter((refusal) => refusal === undefined).length
  }
  const watch = stopwatch()
  try {
    const cast = await createCast(services, count, counting('Making agents, each with its DID and role'))
    const createMs = watch.lap()
    const presented = await presentAll(cast, 'Presenting')
    const presentMs = watch.lap()

    const [victim, ...others] = cast as [DemoAgent, ...DemoAgent[]]
    progress.update('A thief tries a stolen credential with a key of its own')
    const thefts = await tryStolenCredential(services, victim)

    progress.update('Revoking the hijacked agent while the others go on')
    const revocation = hijack(services, victim)
    const [hijacked, othersDuring] = await Promise.all([revocation, goOnUntil(services, others, revocation)])
    const othersPassedAfter = await presentAll(others, 'The others present again')
    return summarize({
      instance: kind,
      agents: count,
      createMs,
      presentMs,
      presented,
      hijack: hijacked,
      othersDuring,
      othersPassedAfter,
      thefts,
      totalMs: watch.total(),
    })
  } finally {
    progress.stop()
  }
}

function stopwatch() {
  const begun = performance.now()
  let lapBegun = begun
  return {
    lap() {
      const now = performance.now()
      const taken = Math.round(now - lapBegun)
      lapBegun = now
      return taken
    },
    total: () => Math.round(performance.now() - begun),
  }
}
