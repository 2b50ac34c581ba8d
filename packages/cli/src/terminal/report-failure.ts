import { DomainError } from '@consulate/core'
import { ServiceError } from '@consulate/sdk'
import { CommanderError } from 'commander'
import { Exit } from './exit.ts'
import { red } from './style.ts'

interface Failure {
  code: string
  message: string
  /** Where the log of a service says more. */
  requestId?: string
}

/** Says what went wrong, in one line a mistake and never with a stack, and returns the exit code for it. */
export function reportFailure(error: unknown, json: boolean): number {
  const failure = describeFailure(error)
  if (json) process.stdout.write(`${JSON.stringify({ error: failure })}\n`)
  else if (!isHelp(error)) {
    const { message, code, requestId } = failure
    const reference = requestId === undefined ? code : `${code}, request ${requestId}`
    for (const line of message.split('\n'))
      process.stderr.write(`${red('error:', process.stderr)} ${line} (${reference})\n`)
  }
  return error instanceof CommanderError ? Exit.usage : Exit.failed
}

/** Our own errors and those of the services in their words, commander's as `usage`, others by their message. */
function describeFailure(error: unknown): Failure {
  // Of what failed one after the other while all was stopped, the first counts.
  if (error instanceof SuppressedError) return describeFailure(error.suppressed)
  if (error instanceof ServiceError && error.status >= 500 && error.requestId !== undefined)
    return { code: error.code, message: error.message, requestId: error.requestId }
  if (error instanceof ServiceError || error instanceof DomainError) return { code: error.code, message: error.message }
  if (error instanceof CommanderError) return { code: 'usage', message: usage(error) }
  return { code: 'internal', message: `Unexpected failure: ${error instanceof Error ? error.message : String(error)}` }
}

/** `consulate` without a command: commander has shown the help. */
function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.code === 'commander.help'
}

function usage(error: CommanderError): string {
  if (isHelp(error)) return 'Name a command; see consulate --help.'
  const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
  return message[0]!.toUpperCase() + message.slice(1)
}
