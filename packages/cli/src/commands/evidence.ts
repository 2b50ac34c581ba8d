import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { addEvidenceShowCommand } from './evidence-show.ts'
import { addEvidenceSubmitCommand } from './evidence-submit.ts'

export function addEvidenceCommand(program: Command, env: Env): void {
  const evidence = program.command('evidence').description('Proof that an issuer contradicted itself')
  addEvidenceShowCommand(evidence, env)
  addEvidenceSubmitCommand(evidence, env)
}
