import type { Command } from 'commander'
import { type Progress, startProgress } from './progress.ts'

/** Where a command says what it has to say. */
export interface Terminal {
  json: boolean
  /** The command's one answer: the document with --json, else the lines. */
  answer(document: unknown, lines: readonly string[]): void
  /** A line for a person who waits; nothing with --json. */
  say(line: string): void
  /** What is under way, on a terminal only. */
  progress(text: string): Promise<Progress>
}

export function terminalOf(command: Command): Terminal {
  const { json = false } = command.optsWithGlobals<{ json?: boolean }>()
  const say = (line: string) => {
    if (!json) process.stdout.write(`${line}\n`)
  }
  return {
    json,
    say,
    answer(document, lines) {
      if (json) process.stdout.write(`${JSON.stringify(document)}\n`)
      else for (const line of lines) say(line)
    },
    progress: (text) => startProgress(text, !json && process.stderr.isTTY === true),
  }
}
