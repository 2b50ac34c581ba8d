import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addTrustClearCommand(trust: Command, env: Env): void {
  trust
    .command('clear')
    .description('Believe an issuer again that contradicted itself, once its owner has opened a new epoch')
    .argument('<issuer>', 'its DID')
    .addHelpText('after', examples('consulate trust clear did:ethr:0x1:0x…'))
    .action(async (issuer: string, _options: unknown, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const answer = await findServices(env).verifierAdmin().clear(issuer)
      const { cleared } = answer
      terminalOf(command).answer(answer, [
        cleared.length > 0
          ? `${issuer} is cleared of epoch ${cleared.join(', ')}.`
          : `Nothing stands against ${issuer}.`,
      ])
    })
}
