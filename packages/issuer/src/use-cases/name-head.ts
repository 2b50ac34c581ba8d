import type { Head } from '@consulate/core'

export type HeadName = Pick<Head, 'epoch' | 'version'>

/** What tells a head from every other of the issuer; zeros before the first one. */
export function nameHead(head: HeadName | undefined): HeadName {
  return { epoch: head?.epoch ?? 0, version: head?.version ?? 0 }
}
