import { bitstringDigest, decodeBitstring, encodeBitstring, type Head } from '@consulate/core'
import type { Transaction } from '../ports.ts'

/** Writes the next version of a list, whose bits are those of now after this change, for the head that will tell of it. */
export async function rewriteList(
  tx: Transaction,
  head: Pick<Head, 'epoch' | 'version'>,
  list: string,
  change: (bits: Uint8Array) => Uint8Array,
): Promise<void> {
  const last = await tx.listVersion(list)
  if (!last) throw new Error(`list ${list} has no version`)
  const bits = change(decodeBitstring(last.encodedList))
  await tx.addListVersion({
    list,
    version: last.version + 1,
    encodedList: encodeBitstring(bits),
    digest: bitstringDigest(bits),
    epoch: head.epoch,
    headVersion: head.version,
  })
}
