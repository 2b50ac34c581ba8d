import type { AdministratorRequest, AdministratorScope, NewAdministrator } from '@consulate/sdk'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { chosenServices, type ServiceChoice, serviceOption } from '../services/chosen-services.ts'
import type { Env } from '../services/data-folder.ts'
import type { Services } from '../services/find-services.ts'
import type { ServiceName } from '../services/service-names.ts'
import { examples } from '../terminal/examples.ts'
import { wholeNumber } from '../terminal/option-values.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  scope: AdministratorScope[]
  validFor: number
  service: ServiceChoice
}

type Created = NewAdministrator & { service: ServiceName }

const SCOPES = ['issue', 'revoke', 'trust', 'read'] as const
const MONTH = 2_592_000

export function addAdminCreateCommand(admin: Command, env: Env): void {
  admin
    .command('create')
    .description('Make an administrator and print the key, this once; each service gives a key of its own')
    .argument('<name>', 'letters, digits, space, dot, at, dash, underscore')
    .addOption(
      new Option('--scope <scope>', `what the key allows: ${SCOPES.join(', ')}; repeat it for more`)
        .argParser(addScope)
        .makeOptionMandatory(),
    )
    .option('--valid-for <seconds>', 'how long the key works, a year at most', wholeNumber, MONTH)
    .addOption(serviceOption())
    .addHelpText(
      'after',
      examples(
        'consulate admin create alice --scope issue --scope revoke --service issuer',
        'consulate admin create auditor --scope read --valid-for 86400 --json',
      ),
    )
    .action(async (name: string, { scope, validFor, service }: Options, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const wanted = { name, scopes: scope, validForSeconds: validFor }
      const administrators = await createEverywhere(findServices(env), chosenServices(service), wanted)
      terminalOf(command).answer({ administrators }, [
        `${bold(name)} may ${wanted.scopes.join(', ')}. The keys are shown this once; keep them where only ${name} may read them.`,
        ...administrators.flatMap(({ service, id, key, expiresAt }) =>
          table([
            [service, key],
            ['id', id],
            ['expires', expiresAt],
          ]),
        ),
      ])
    })
}

function addScope(text: string, added: AdministratorScope[] = []): AdministratorScope[] {
  const scope = SCOPES.find((name) => name === text)
  if (!scope) throw new InvalidArgumentError(`Give one of ${SCOPES.join(', ')}.`)
  return added.includes(scope) ? added : [...added, scope]
}

/** On all of the services or on none: a key that is not shown could not be used by anybody, but would be there. */
async function createEverywhere(
  services: Services,
  names: readonly ServiceName[],
  wanted: AdministratorRequest,
): Promise<Created[]> {
  const created: Created[] = []
  try {
    for (const service of names) created.push({ service, ...(await services.administratorsOf(service).create(wanted)) })
    return created
  } catch (error) {
    await Promise.allSettled(created.map(({ service, id }) => services.administratorsOf(service).remove(id)))
    throw error
  }
}
