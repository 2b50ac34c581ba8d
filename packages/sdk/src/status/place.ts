import type { Head } from '@consulate/core'

/** Where a head stands in the order of an issuer's heads. */
export type Place = Pick<Head, 'epoch' | 'version'>

export function isSame(one: Place, other: Place): boolean {
  return one.epoch === other.epoch && one.version === other.version
}

export function isBefore(one: Place, other: Place): boolean {
  return one.epoch < other.epoch || (one.epoch === other.epoch && one.version < other.version)
}
