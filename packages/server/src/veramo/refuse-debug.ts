import { DomainError } from '@consulate/core'

/**
 * Veramo's debug output contains private keys.
 *
 * @param debug the environment's DEBUG
 * @throws DomainError `unavailable` when that turns it on
 */
export function refuseVeramoDebug(debug = ''): void {
  if (!debug.split(/[\s,]+/).some(mayMatchVeramo)) return
  throw new DomainError(
    'unavailable',
    `DEBUG=${debug} makes Veramo print private keys: take out what matches veramo:*.`,
  )
}

function mayMatchVeramo(pattern: string): boolean {
  const [head = '', ...wild] = pattern.split('*')
  return head.startsWith('veramo') || (wild.length > 0 && 'veramo'.startsWith(head))
}
