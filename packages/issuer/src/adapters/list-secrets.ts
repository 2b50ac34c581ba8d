import type { SecretStore } from '@consulate/server'
import type { ListSecrets } from '../ports.ts'

/** The sealed secrets of the lists in use, opened once each: two are open at a time for each purpose at the most. */
export function createListSecrets(secrets: SecretStore): ListSecrets {
  const opened = new Map<string, Uint8Array>()
  return {
    async secretOf(list) {
      const known = opened.get(list)
      if (known) return known
      const secret = await secrets.getOrCreate('list-permutation', list)
      opened.set(list, secret)
      return secret
    },
  }
}
