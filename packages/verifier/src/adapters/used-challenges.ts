import { onceInMemory } from '@consulate/server'
import type { Store, UsedChallenges } from '../ports.ts'

const USED = new Error('the challenge was used')

/** For verifiers that share a database: the first insert of an id wins, and is on disk before it counts. */
export function usedInDatabase(store: Pick<Store, 'once' | 'consumeChallenge' | 'forgetChallenges'>): UsedChallenges {
  return {
    use: (id, expiresAt) =>
      unlessUsed(() =>
        store.once(async () => {
          if (!(await store.consumeChallenge(id, expiresAt))) throw USED
        }),
      ),
    forget: store.forgetChallenges,
  }
}

/**
 * For a verifier that is alone with its database. Nothing need outlive it as long as its challenges do not either: when it
 * starts, it takes a new key for them.
 */
export function usedInMemory(): UsedChallenges {
  const used = new Map<string, number>()
  const requests = onceInMemory()
  return {
    use: (id, expiresAt) =>
      unlessUsed(async () =>
        requests.once(() => {
          if (used.has(id)) throw USED
          used.set(id, expiresAt)
        }, expiresAt),
      ),
    async forget(expiredBefore) {
      for (const [id, expiresAt] of used) if (expiresAt < expiredBefore) used.delete(id)
      requests.forget(expiredBefore)
    },
  }
}

async function unlessUsed(use: () => Promise<unknown>): Promise<boolean> {
  try {
    await use()
    return true
  } catch (error) {
    if (error === USED) return false
    throw error
  }
}
