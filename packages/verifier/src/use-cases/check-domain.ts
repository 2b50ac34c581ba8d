import { DomainError } from '@consulate/core'
import type { ResourceServer } from '../records.ts'

/** A resource server asks for its own domains only. Throws `domain_not_allowed`. */
export function checkDomain({ name, domains }: ResourceServer, domain: string): void {
  if (domains.includes(domain) || domains.includes('*')) return
  throw new DomainError(
    'domain_not_allowed',
    `${domain} is no domain of the resource server ${name}; register it there.`,
  )
}
