import type { AdministratorEntry } from '@consulate/sdk'
import type { Command } from 'commander'
import { chosenServices, type ServiceChoice, serviceOption } from '../services/chosen-services.ts'
import type { Env } from '../services/data-folder.ts'
import type { Services } from '../services/find-services.ts'
import type { ServiceName } from '../services/service-names.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

type Listed = AdministratorEntry & { service: ServiceName }

export function addAdminListCommand(admin: Command, env: Env): void {
  admin
    .command('list')
    .description('Show the administrators that were given keys, those whose keys work no longer included')
    .addOption(serviceOption())
    .addHelpText('after', examples('consulate admin list', 'consulate admin list --service issuer --json'))
    .action(async ({ service }: { service: ServiceChoice }, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const services = findServices(env)
      const administrators: Listed[] = []
      for (const name of chosenServices(service)) administrators.push(...(await listAll(services, name)))
      const lines = administrators.flatMap(describe)
      terminalOf(command).answer({ administrators }, lines.length > 0 ? lines : ['No administrator was given a key.'])
    })
}

async function listAll(services: Services, service: ServiceName): Promise<Listed[]> {
  const client = services.administratorsOf(service)
  const all: Listed[] = []
  let after: string | undefined
  do {
    const { items, next } = await client.list(after)
    all.push(...items.map((item) => ({ service, ...item })))
    after = next
  } while (after !== undefined)
  return all
}

function describe({ service, id, name, scopes, createdBy, expiresAt, revokedAt, revokedBy }: Listed): string[] {
  return table([
    [service, `${name}: ${scopes.join(', ')}`],
    ['id', id],
    ['made by', createdBy],
    ['expires', expiresAt],
    ['revoked', revokedAt && `${revokedAt} by ${revokedBy}`],
  ])
}
