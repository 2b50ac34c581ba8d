import { emptyBitstring, encodeBitstring, permuteIndex, type StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import type { InstanceTransaction } from '../instance-ports.ts'
import type { InstanceList } from '../instance-records.ts'
import { CLOSE_AT } from './open-lists.ts'

type ListContext = Pick<Context, 'config' | 'clock'>

/** Sees to it that every list that an instance names is there, and its secret, before the first credential is. */
export async function openInstanceLists(
  ctx: ListContext & Pick<Context, 'instances' | 'instanceStore' | 'secrets'>,
): Promise<void> {
  for (const { name, status } of ctx.instances.values())
    for (const purpose of status) {
      await ctx.secrets.secretOf(`${name}/${purpose}`)
      await ctx.instanceStore.transaction(async (tx) => {
        if (!(await tx.lockNewestList(name, purpose))) await addList(tx, newList(ctx, name, purpose, 1))
      })
    }
}

/** A place in the list in use that no other credential has, or ever will have. */
export async function takeInstanceIndex(
  ctx: ListContext & Pick<Context, 'secrets'>,
  tx: InstanceTransaction,
  instance: string,
  purpose: StatusPurpose,
): Promise<{ list: InstanceList; index: number }> {
  const newest = await tx.lockNewestList(instance, purpose)
  if (!newest) throw new Error(`the instance ${instance} has no ${purpose} list`)
  const isFull = newest.nextCounter >= CLOSE_AT
  const list = isFull ? newList(ctx, instance, purpose, newest.number + 1) : newest
  if (isFull) await addList(tx, list)
  await tx.saveList({ ...list, nextCounter: list.nextCounter + 1 })
  const secret = await ctx.secrets.secretOf(`${instance}/${purpose}`)
  return { list, index: permuteIndex(secret, `${instance}/${list.id}`, list.nextCounter) }
}

async function addList(tx: InstanceTransaction, list: InstanceList): Promise<void> {
  await tx.saveList(list)
  await tx.addListVersion(list)
}

function newList(
  { config, clock }: ListContext,
  instance: string,
  purpose: StatusPurpose,
  number: number,
): InstanceList {
  const id = `${purpose}-${number}`
  const url = `${config.publicUrl}/instances/${instance}/status-lists/${id}`
  const encodedList = encodeBitstring(emptyBitstring())
  return { instance, id, url, purpose, number, nextCounter: 0, version: 1, encodedList, changedAt: clock.now() }
}
