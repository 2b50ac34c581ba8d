import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addRevokeCommand(program: Command, env: Env): void {
  program
    .command('revoke')
    .description('Take a role away from an agent for good: every credential of it that the agent has')
    .argument('<agent>', 'name or DID')
    .argument('<role>')
    .option('--reason <text>', "why, for the issuer's records")
    .addHelpText(
      'after',
      examples(
        'consulate revoke bot payments.approver',
        'consulate revoke bot payments.approver --reason "prompt injection, ticket 4711"',
      ),
    )
    .action(async (nameOrDid: string, role: string, { reason }: { reason?: string }, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { findAgent } = await import('../services/saved-agents.ts')
      const { did } = findAgent(env, nameOrDid)
      const answer = await findServices(env).issuer().revokeRole(did, role, reason)
      terminalOf(command).answer(answer, [
        `${bold(role)} is revoked for ${nameOrDid}.`,
        ...table([...answer.revoked.map((id) => ['credential', id] as const), ['status head', answer.head.version]]),
      ])
    })
}
