import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addIssuerRecoverCommand(issuer: Command, env: Env): void {
  issuer
    .command('recover')
    .description('Begin a new epoch, after a restored backup or a stolen key; needs the bootstrap token')
    .addHelpText('after', examples('consulate issuer recover', 'consulate issuer recover --json'))
    .action(async (_options: unknown, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const recovered = await findServices(env).issuer().recover()
      const { epoch, head, last } = recovered
      terminalOf(command).answer(recovered, [
        `Epoch ${epoch} begins with head ${head.version}; the registry is told of it.`,
        ...table([
          ['last head known', last ? `${last.version} of epoch ${last.epoch}` : 'none'],
          ['issued', last ? new Date(last.issuedAt * 1000).toISOString() : undefined],
        ]),
        'Revoke anew what was revoked after that; roles that were granted after it are lost, grant them anew.',
      ])
    })
}
