import { keyReused } from './key-reused.ts'
import { takeKeyedRequest } from './keyed-request.ts'

/** As `once` of a database, for work that need not outlive the process. What throws was not done. */
export function onceInMemory() {
  const done = new Map<string, { fingerprint: string; until: number }>()
  return {
    /**
     * Does `work`, unless a request with the same key has done it. `until`, in any unit, is how long that is remembered.
     *
     * @throws DomainError `idempotency_key_reused` when the key came with another request before
     */
    once(work: () => void, until: number): void {
      const request = takeKeyedRequest()
      const name = `${request?.scope}\n${request?.key}`
      const known = request && done.get(name)
      if (known && known.fingerprint !== request.fingerprint) throw keyReused(request.key)
      if (known) return
      work()
      if (request) done.set(name, { fingerprint: request.fingerprint, until })
    },
    forget(before: number): void {
      for (const [name, { until }] of done) if (until < before) done.delete(name)
    },
  }
}
