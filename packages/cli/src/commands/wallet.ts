import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addWalletCommand(program: Command, env: Env): void {
  program
    .command('wallet')
    .description('Run the wallet alone, until Ctrl-C or SIGTERM; the chain is given by CONSULATE_RPC_URLS')
    .addHelpText('after', examples('CONSULATE_RPC_URLS=https://rpc.example CONSULATE_CHAIN_ID=1 … consulate wallet'))
    .action(async (_options: unknown, command: Command) => {
      const { runService } = await import('../up/run-service.ts')
      const { envToConfig, startWallet } = await import('@consulate/wallet')
      await runService('wallet', env, terminalOf(command), envToConfig, startWallet)
    })
}
