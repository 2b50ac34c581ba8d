import { DomainError } from '../errors.ts'
import type { StatusEntry } from '../head/head-root.ts'

/**
 * Decides whether a head may say this of its issuer's lists after what is known of them: a list is never dropped, nor given
 * another purpose, nor an earlier version, for any of these could take a revocation back. Throws `status_rollback`.
 */
export function acceptEntries(
  entries: readonly StatusEntry[],
  known: ReadonlyMap<string, Pick<StatusEntry, 'purpose' | 'version'>>,
): void {
  const named = new Map(entries.map((entry) => [entry.name, entry]))
  for (const [name, { purpose, version }] of known) {
    const now = named.get(name)
    if (!now) throw rollback(`The head no longer names the list ${name}; a list stays.`)
    if (now.purpose !== purpose)
      throw rollback(`${name} has become a list for ${now.purpose}; it was made for ${purpose} and stays so.`)
    if (now.version < version)
      throw rollback(`The head names version ${now.version} of ${name}, but version ${version} is known.`)
  }
}

function rollback(message: string): DomainError {
  return new DomainError('status_rollback', message)
}
