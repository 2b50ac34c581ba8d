import type { EquivocationEvidence, Head, Hex } from '@consulate/core'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addEvidenceShowCommand(evidence: Command, env: Env): void {
  evidence
    .command('show')
    .description(
      'Show what the verifier has found against an issuer, cleared or not; with --json as others can check it',
    )
    .argument('<issuer>', 'its DID')
    .addHelpText(
      'after',
      examples(
        'consulate evidence show did:ethr:0x1:0x…',
        'consulate evidence show did:ethr:0x1:0x… --json > evidence.json',
      ),
    )
    .action(async (issuer: string, _options: unknown, command: Command) => {
      const { hashHead } = await import('@consulate/core')
      const { findServices } = await import('../services/find-services.ts')
      const found = await findServices(env).verifierAdmin().evidence(issuer)
      terminalOf(command).answer(found, linesOf(found, hashHead))
    })
}

function linesOf({ issuer, equivocations }: EquivocationEvidence, hashHead: (head: Head) => Hex): string[] {
  if (equivocations.length === 0) return [`There is no evidence against ${issuer}.`]
  return equivocations.flatMap(({ epoch, heads, foundAt }) => [
    `Epoch ${epoch}: ${issuer} signed two heads that exclude each other, found ${new Date(foundAt * 1000).toISOString()}.`,
    ...table(
      heads.map(
        ({ head, signer }) => ['head', `${head.version}, hash ${hashHead(head)}, signed by ${signer}`] as const,
      ),
    ),
  ])
}
