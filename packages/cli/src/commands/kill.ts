import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addKillCommand(program: Command, env: Env): void {
  program
    .command('kill')
    .description('The kill switch: revoke every role of an agent and cut it off on chain')
    .argument('<agent>', 'name or DID')
    .addHelpText('after', examples('consulate kill bot', 'consulate kill did:key:z6Mk… --json'))
    .action(async (nameOrDid: string, _options: unknown, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { findAgent } = await import('../services/saved-agents.ts')
      const { did } = findAgent(env, nameOrDid)
      const killed = await findServices(env).issuer().killAgent(did)
      terminalOf(command).answer({ agent: did, ...killed }, [
        `${nameOrDid} is cut off.`,
        ...table([
          ['agent', did],
          ...killed.revoked.map((id) => ['revoked', id] as const),
          ['status head', killed.head.version],
          ['kill on chain', killed.kill.state],
        ]),
      ])
    })
}
