import { type Repeating, repeat } from '@consulate/server'
import type { Context } from '../context.ts'

/** Every minute, forgets used challenges that would be refused as expired anyway. */
export function forgetChallenges(
  { usedChallenges, clock }: Pick<Context, 'usedChallenges' | 'clock'>,
  onFailure: (error: unknown) => void,
): Repeating {
  return repeat(
    () => usedChallenges.forget(clock.now()),
    () => 60_000,
    onFailure,
  )
}
