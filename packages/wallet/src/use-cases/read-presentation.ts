import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

/** A presentation that was kept, as it was secured. Throws `presentation_unknown`. */
export async function readPresentation(
  { store }: Pick<Context, 'store'>,
  agent: string,
  id: string,
): Promise<Record<string, unknown>> {
  const kept = await store.findPresentation(agent, id)
  if (!kept) throw unknownPresentation(id)
  return JSON.parse(kept.secured)
}

export function unknownPresentation(id: string): DomainError {
  return new DomainError('presentation_unknown', `There is no presentation ${id} here.`)
}
