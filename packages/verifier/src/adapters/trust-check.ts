import { type Check, NotReady } from '@consulate/server'
import type { StatusFollower } from '../ports.ts'

/** The status of every trusted issuer is fresh. */
export function trustCheck(follower: Pick<StatusFollower, 'survey'>): Check {
  return {
    async assert() {
      const { issuers } = follower.survey()
      for (const state of ['distrusted', 'unknown', 'stale'] as const)
        if (issuers[state] > 0) throw new NotReady(state, `${issuers[state]} trusted issuers are ${state}`)
    },
    fix: 'The status of a trusted issuer is not known or too old: see that it can be reached, and the log.',
  }
}
