import type { ServiceError } from '@consulate/sdk'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import type { Services } from '../services/find-services.ts'
import type { Presented } from '../services/presented.ts'
import { examples } from '../terminal/examples.ts'
import { Exit } from '../terminal/exit.ts'
import { green, red } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { type Terminal, terminalOf } from '../terminal/terminal.ts'

/** More than a verifier takes, with what stands around it. */
const MAX_BYTES = 1_048_576

export function addVerifyCommand(program: Command, env: Env): void {
  program
    .command('verify')
    .description('Ask the verifier about a presentation; leaves with 3 when it is refused')
    .argument('[file]', 'a compact presentation, or what consulate present --json prints; - is standard input', '-')
    .option('--domain <origin>', 'the domain it must be meant for; not needed with what present --json prints')
    .option('--challenge <challenge>', 'the challenge it must answer; not needed with what present --json prints')
    .addHelpText(
      'after',
      examples(
        'consulate present bot --domain https://api.example --json | consulate verify -',
        'consulate verify --domain https://api.example --challenge "$CHALLENGE" presentation.jwt',
      ),
    )
    .action(async (file: string, options: Partial<Presented>, command: Command) => {
      const { ServiceError } = await import('@consulate/sdk')
      const { findServices } = await import('../services/find-services.ts')
      const { parsePresented } = await import('../services/presented.ts')
      const { readInput } = await import('../terminal/read-input.ts')
      const input = await readInput(file, MAX_BYTES, command)
      const presented = parsePresented(input.toString('utf8'), options, command)
      const { verifiablePresentation, ...demand } = presented
      const terminal = terminalOf(command)
      const verifier = findServices(env).verifier()
      try {
        accept(terminal, await verifier.verifyPresentation(verifiablePresentation, demand))
      } catch (error) {
        if (!(error instanceof ServiceError && error.status === 400)) throw error
        refuse(terminal, error)
      }
    })
}

type Verifier = ReturnType<Services['verifier']>

function accept(terminal: Terminal, verified: Awaited<ReturnType<Verifier['verifyPresentation']>>): void {
  const { holder, roles, status } = verified
  terminal.answer(verified, [
    green('Verified.'),
    ...table([
      ['holder', holder],
      ...roles.map(
        ({ role, operator, validUntil }) => ['role', `${role}, operator ${operator}, until ${validUntil}`] as const,
      ),
      ['status', `head ${status.headVersion}, ${status.ageMs} ms old, ${status.anchored ? '' : 'not yet '}anchored`],
    ]),
  ])
}

function refuse(terminal: Terminal, { code, message }: ServiceError): void {
  terminal.answer({ verified: false, error: { code, message } }, [`${red('Refused:')} ${message} (${code})`])
  process.exitCode = Exit.refused
}
