import type { Command } from 'commander'
import { chosenServices, type ServiceChoice, serviceOption } from '../services/chosen-services.ts'
import type { Env } from '../services/data-folder.ts'
import type { Services } from '../services/find-services.ts'
import type { ServiceName } from '../services/service-names.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addAdminRemoveCommand(admin: Command, env: Env): void {
  admin
    .command('remove')
    .description("Revoke an administrator's key, at once and for good")
    .argument('<id>', 'as consulate admin list shows it')
    .addOption(serviceOption())
    .addHelpText('after', examples('consulate admin remove 6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11'))
    .action(async (id: string, options: { service: ServiceChoice }, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const service = await removeFromFirst(findServices(env), chosenServices(options.service), id)
      terminalOf(command).answer({ service, id, revoked: true }, [`The key of ${id} opens the ${service} no longer.`])
    })
}

/** Ids are unique, so the first service that knows it is the one. */
async function removeFromFirst(services: Services, names: readonly ServiceName[], id: string): Promise<ServiceName> {
  const { ServiceError } = await import('@consulate/sdk')
  let unknown: unknown
  for (const service of names) {
    try {
      await services.administratorsOf(service).remove(id)
      return service
    } catch (error) {
      if (!(error instanceof ServiceError && error.code === 'administrator_unknown')) throw error
      unknown = error
    }
  }
  throw unknown
}
