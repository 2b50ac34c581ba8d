import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

/** Removes a credential from an agent's wallet. Throws `credential_unknown`. */
export async function deleteCredential(
  { store }: Pick<Context, 'store'>,
  { agent, id }: { agent: string; id: string },
): Promise<void> {
  await store.once(async () => {
    if (!(await store.removeCredential(agent, id))) throw unknownCredential(id)
  })
}

export function unknownCredential(id: string): DomainError {
  return new DomainError('credential_unknown', `The agent has no credential ${id}.`)
}
