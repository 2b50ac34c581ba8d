import { type Command, Option } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  method: 'key' | 'ethr'
}

export function addAgentCreateCommand(agent: Command, env: Env): void {
  agent
    .command('create')
    .description('Make an agent with a DID and a wallet of its own; its token is kept in the data folder')
    .argument('<name>', 'letters, digits, space, dot, dash, underscore')
    .addOption(
      new Option('--method <method>', 'key: the DID is its key, for good; ethr: the key can change')
        .choices(['key', 'ethr'])
        .default('key'),
    )
    .addHelpText('after', examples('consulate agent create bot', 'consulate agent create bot --method ethr --json'))
    .action(async (name: string, { method }: Options, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { reserveAgentFile, saveAgent } = await import('../services/saved-agents.ts')
      const wallet = findServices(env).wallet()
      const tokenFile = reserveAgentFile(env, name)
      const created = await wallet.createAgent(name, method)
      saveAgent(tokenFile, created)
      const { did } = created
      terminalOf(command).answer({ name, did, tokenFile }, [
        `The agent ${bold(name)} is made; its token opens its wallet and is kept where only you may read it.`,
        ...table([
          ['did', did],
          ['token', tokenFile],
        ]),
      ])
    })
}
