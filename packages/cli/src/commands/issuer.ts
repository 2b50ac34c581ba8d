import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'
import { addIssuerRecoverCommand } from './issuer-recover.ts'

export function addIssuerCommand(program: Command, env: Env): void {
  const issuer = program
    .command('issuer')
    .description('Run the issuer alone, until Ctrl-C or SIGTERM; the chain is given by CONSULATE_RPC_URLS')
    .addHelpText('after', examples('CONSULATE_RPC_URLS=https://rpc.example CONSULATE_CHAIN_ID=1 … consulate issuer'))
    .action(async (_options: unknown, command: Command) => {
      const { runService } = await import('../up/run-service.ts')
      const { envToConfig, startIssuer } = await import('@consulate/issuer')
      await runService('issuer', env, terminalOf(command), envToConfig, startIssuer)
    })
  addIssuerRecoverCommand(issuer, env)
}
