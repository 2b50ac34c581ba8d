import { withBits } from '@consulate/core'
import type { Store, Transaction } from '../ports.ts'
import type { HeadName, SharedHead } from '../records.ts'
import { appendHead, type HeadContext, headToCome } from './append-head.ts'
import { rewriteList } from './rewrite-list.ts'

/** Makes changes of status that arrive together share one transaction and one head; the first that waits brings the others. */
export function changeTogether({ store, clock, identity }: HeadContext & { store: Store }) {
  return store.together<SharedHead>({
    begin: async (tx) => ({ next: await headToCome({ clock, identity }, tx), parts: [] }),
    end: writeHead,
  })
}

/** The head that tells what is true now; the one before, while nothing is changed. */
export function toldBy({ next: { epoch, version }, parts }: SharedHead): HeadName {
  return { epoch, version: parts.length > 0 ? version : version - 1 }
}

/** Each list is written once, however many have changed it. */
async function writeHead(tx: Transaction, { next, parts }: SharedHead): Promise<void> {
  if (parts.length === 0) return
  for (const [list, changes] of Map.groupBy(parts, (part) => part.list))
    await rewriteList(tx, next, list, (bits) =>
      changes.reduce((changed, { indices, value }) => withBits(changed, indices, value), bits),
    )
  await appendHead(tx, next)
}
