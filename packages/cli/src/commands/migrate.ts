import type { Migrations } from '@consulate/server'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { SERVICES, type ServiceName } from '../services/service-names.ts'
import { examples } from '../terminal/examples.ts'
import { green } from '../terminal/style.ts'
import { type Terminal, terminalOf } from '../terminal/terminal.ts'

/** For deployments that migrate apart from starting; a start runs what is pending by itself. */
export function addMigrateCommand(program: Command, env: Env): void {
  const migrate = program.command('migrate').description('Look at, run or take back the migrations of the databases')
  const on = (service: ServiceName | undefined) => (service ? [service] : SERVICES)
  const service = new Option('--service <name>', 'one service alone').choices(SERVICES)

  migrate
    .command('status')
    .description('Show which migrations have been run')
    .addOption(service)
    .addHelpText('after', examples('consulate migrate status', 'consulate migrate status --service issuer --json'))
    .action(async (options: { service?: ServiceName }, command: Command) => {
      await forEach(env, on(options.service), terminalOf(command), async (migrations) => {
        const states = await migrations.status()
        return {
          answer: states,
          lines: states.map(({ name, executed }) => `${executed ? 'done   ' : 'pending'}  ${name}`),
        }
      })
    })

  migrate
    .command('up')
    .description('Run the pending migrations')
    .addOption(service)
    .addHelpText('after', examples('CONSULATE_ISSUER_DATABASE_URL=postgres://… consulate migrate up --service issuer'))
    .action(async (options: { service?: ServiceName }, command: Command) => {
      await forEach(env, on(options.service), terminalOf(command), async (migrations) =>
        said('ran', await migrations.up()),
      )
    })

  migrate
    .command('down')
    .description('Take back the migrations newer than a version, with the data that only they keep')
    .addOption(service)
    .requiredOption('--to <version>', 'the 13 digits at the end of a migration name, or 0 for all', parseVersion)
    .addHelpText('after', examples('consulate migrate down --service issuer --to 1795000000000'))
    .action(async (options: { service?: ServiceName; to: number }, command: Command) => {
      await forEach(env, on(options.service), terminalOf(command), async (migrations) =>
        said('took back', await migrations.down(options.to)),
      )
    })
}

interface Said {
  answer: unknown
  lines: string[]
}

async function forEach(
  env: Env,
  services: readonly ServiceName[],
  terminal: Terminal,
  work: (migrations: Migrations) => Promise<Said>,
): Promise<void> {
  const { migrationsOfService } = await import('../up/migrations.ts')
  const answers: Record<string, unknown> = {}
  const lines: string[] = []
  for (const service of services) {
    const said = await work(migrationsOfService(env, service))
    answers[service] = said.answer
    lines.push(green(service), ...said.lines.map((line) => `  ${line}`))
  }
  terminal.answer(answers, lines)
}

function said(did: string, names: string[]): Said {
  return { answer: names, lines: names.length > 0 ? names.map((name) => `${did} ${name}`) : ['nothing to do'] }
}

function parseVersion(text: string): number {
  if (!/^(0|\d{13})$/.test(text)) throw new InvalidArgumentError('Give the 13 digits of a migration, or 0.')
  return Number(text)
}
