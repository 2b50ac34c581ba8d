import { DomainError } from '@consulate/core'

export function keyReused(key: string): DomainError {
  return new DomainError(
    'idempotency_key_reused',
    `The Idempotency-Key ${key} came with another request before; choose a new key for each request, and send it again only with the same one.`,
  )
}
