import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'

/** Ends what a resource server's token opens. Throws `resource_server_unknown`. */
export async function removeResourceServer(
  { store, clock }: Pick<Context, 'store' | 'clock'>,
  { id, by }: { id: string; by: string },
): Promise<void> {
  await store.once(async () => {
    if (!(await store.removeResourceServer(id, { by, at: clock.now() })))
      throw new DomainError('resource_server_unknown', `There is no resource server ${id} here.`)
  })
  store.forgetResourceServers()
}
