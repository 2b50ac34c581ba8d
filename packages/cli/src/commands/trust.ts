import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { addTrustClearCommand } from './trust-clear.ts'
import { addTrustTokenCommand } from './trust-token.ts'

export function addTrustCommand(program: Command, env: Env): void {
  const trust = program.command('trust').description('Look after the issuers that the verifier trusts')
  addTrustClearCommand(trust, env)
  addTrustTokenCommand(trust, env)
}
