import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

const WANTS_ID =
  'error: give the id of one credential, such as urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11: consulate issue prints it, and ' +
  'GET /agents/:did of the issuer lists those of an agent'

export function addSuspendCommand(program: Command, env: Env): void {
  program
    .command('suspend')
    .description('Suspend a credential, or lift its suspension')
    .argument('<credential-id>', 'as consulate issue prints it')
    .allowExcessArguments() // said below what is wanted instead of an agent and a role
    .option('--lift', 'lift the suspension')
    .addHelpText(
      'after',
      examples(
        'consulate suspend urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11',
        'consulate suspend urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11 --lift',
      ),
    )
    .action(async (id: string, { lift = false }: { lift?: boolean }, command: Command) => {
      if (command.args.length > 1 || !URL.canParse(id)) command.error(WANTS_ID)
      const { findServices } = await import('../services/find-services.ts')
      const { credentialId, head } = await findServices(env).issuer().setStatus(id, 'suspension', !lift)
      terminalOf(command).answer({ credentialId, suspended: !lift, head }, [
        lift ? 'The suspension is lifted.' : 'The credential is suspended.',
        ...table([
          ['credential', credentialId],
          ['status head', head.version],
        ]),
      ])
    })
}
