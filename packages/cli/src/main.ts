import { CommanderError } from 'commander'
import { createProgram } from './program.ts'
import { Exit } from './terminal/exit.ts'

/** Runs one command and says with which code to leave: 0 done, 1 failed or refused, 2 wrong usage, 3 not verified. */
export async function main(argv: readonly string[], env = process.env): Promise<number> {
  const json = argv.includes('--json')
  try {
    await createProgram(env).parseAsync(argv)
    return Number(process.exitCode ?? Exit.done)
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return Exit.done
    const { reportFailure } = await import('./terminal/report-failure.ts')
    return reportFailure(error, json)
  }
}
