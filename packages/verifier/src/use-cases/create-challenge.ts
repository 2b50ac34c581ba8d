import { formatDateTime } from '@consulate/core'
import type { Context } from '../context.ts'
import type { ResourceServer } from '../records.ts'
import { checkDomain } from './check-domain.ts'

export interface NewChallenge {
  challenge: string
  /** RFC 3339. */
  expiresAt: string
}

/** A challenge that an agent answers once, for this domain. Throws `domain_not_allowed`. */
export function createChallenge(
  { challenges }: Pick<Context, 'challenges'>,
  resourceServer: ResourceServer,
  domain: string,
): NewChallenge {
  checkDomain(resourceServer, domain)
  const { challenge, expiresAt } = challenges.create(resourceServer.id, domain)
  return { challenge, expiresAt: formatDateTime(expiresAt) }
}
