import { type Head, hashHead } from './head.ts'

/**
 * Whether no issuer may sign both heads: two with one version, two with one `prev`, or one whose `prev` is not the head before
 * it. What the registry convicts of.
 */
export function excludeEachOther(one: Head, other: Head): boolean {
  if (one.issuer !== other.issuer || one.epoch !== other.epoch || hashHead(one) === hashHead(other)) return false
  return one.version === other.version || one.prev === other.prev || breaks(one, other) || breaks(other, one)
}

function breaks(head: Head, before: Head): boolean {
  return head.version === before.version + 1 && head.prev !== hashHead(before)
}
