import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { Exit } from '../terminal/exit.ts'
import { wholeNumber } from '../terminal/option-values.ts'
import { terminalOf } from '../terminal/terminal.ts'

const MOST = 10_000

export function addDemoCommand(program: Command, env: Env): void {
  program
    .command('demo')
    .description("A retailer's 500 agents present their roles; one is hijacked and revoked, and the others go on")
    .option('--agents <number>', 'how many agents', wholeNumber, 500)
    .addHelpText('after', examples('consulate demo', 'consulate demo --agents 50 --json'))
    .action(async ({ agents }: { agents: number }, command: Command) => {
      if (agents < 2 || agents > MOST) command.error(`--agents must be 2 to ${MOST}`)
      const { playDemo } = await import('../demo/play-demo.ts')
      const { describe } = await import('../demo/summary.ts')
      const { withInstance } = await import('../demo/with-instance.ts')
      const terminal = terminalOf(command)
      const summary = await withInstance(env, terminal, (instance) => playDemo(instance, agents, terminal))
      terminal.answer(summary, describe(summary))
      if (!summary.ok) process.exitCode = Exit.failed
    })
}
