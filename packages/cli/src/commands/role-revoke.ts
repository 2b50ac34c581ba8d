import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  reason?: string
  yes?: true
}

export function addRoleRevokeCommand(role: Command, env: Env): void {
  role
    .command('revoke')
    .description('Take a role away from every agent for good; it can be granted anew')
    .argument('<role>')
    .option('--reason <text>', "why, for the issuer's records")
    .option('--yes', 'mean it: nothing is revoked without')
    .addHelpText(
      'after',
      examples(
        'consulate role revoke payments.approver --yes',
        'consulate role revoke payments.approver --reason "leaked tool, ticket 4711" --yes --json',
      ),
    )
    .action(async (name: string, { reason, yes }: Options, command: Command) => {
      if (!yes) command.error(`this takes ${name} away from every agent that has it, for good: add --yes to do it`)
      const { findServices } = await import('../services/find-services.ts')
      const terminal = terminalOf(command)
      const progress = await terminal.progress(`Revoking ${name} for every agent`)
      const revoked = await findServices(env).issuer().revokeRoleOfAll(name, reason).finally(progress.stop)
      terminal.answer(revoked, [
        `${bold(name)} is revoked for every agent.`,
        ...table([
          ['credentials', revoked.revokedCount],
          ['status head', revoked.head.version],
        ]),
      ])
    })
}
