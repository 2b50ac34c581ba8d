import { LRUCache } from 'lru-cache'
import type { Store } from '../ports.ts'
import type { ResourceServer } from '../records.ts'

/** For how long a removed resource server may still be let in where the removal was not announced. */
const TTL_MS = 1_000

type Records = Omit<Store, 'forgetResourceServers'>

/** Remembers who holds a token, which is asked for every request; forgets all of it when any instance has removed one. */
export function rememberResourceServers(store: Records): Store {
  const known = new LRUCache<string, ResourceServer>({ max: 1_000, ttl: TTL_MS })
  let removals = 0
  const forget = () => {
    removals += 1
    known.clear()
  }
  store.onResourceServerChange(forget)
  return {
    ...store,
    async findResourceServerByToken(tokenHash) {
      const remembered = known.get(tokenHash)
      if (remembered) return remembered
      const before = removals
      const found = await store.findResourceServerByToken(tokenHash)
      // What was read before a removal is not remembered after it.
      if (found && removals === before) known.set(tokenHash, found)
      return found
    },
    forgetResourceServers: forget,
  }
}
