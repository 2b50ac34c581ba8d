import type { AnchorState, CredentialRecord, StatusHead } from '@consulate/sdk'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addStatusCommand(program: Command, env: Env): void {
  program
    .command('status')
    .description("Show the issuer's newest status head and its anchor, or what is known of one credential")
    .argument('[credential-id]', 'as consulate issue prints it')
    .addHelpText(
      'after',
      examples('consulate status', 'consulate status urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11 --json'),
    )
    .action(async (id: string | undefined, _options: unknown, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const issuer = findServices(env).issuer()
      const terminal = terminalOf(command)
      if (id === undefined) {
        const head = await issuer.statusHead()
        terminal.answer(head, describeHead(head))
      } else {
        const record = await issuer.credential(id)
        terminal.answer(record, describeRecord(record))
      }
    })
}

function describeHead({ head, signer, entries, anchor }: StatusHead): string[] {
  return table([
    ['head', `version ${head.version}, epoch ${head.epoch}`],
    ['issued', isoTime(head.issuedAt)],
    ['valid until', isoTime(head.validUntil)],
    ['signer', signer],
    ['anchor', describeAnchor(anchor)],
    ...entries.map(({ name, purpose, version }) => ['list', `${purpose}, version ${version}: ${name}`] as const),
  ])
}

function describeRecord({ status, lastChange, ...record }: CredentialRecord): string[] {
  return table([
    ['credential', record.id],
    ['agent', record.agent],
    ['role', record.role],
    ['operator', record.operator],
    ['valid', `${record.validFrom} to ${record.validUntil}`],
    ['issued by', record.issuedBy],
    ['status', status.revoked ? 'revoked' : status.suspended ? 'suspended' : 'in force'],
    ['reason', status.reason],
    ['changed by', record.changedBy],
    ['last change', lastChange && `head ${lastChange.head.version}, ${describeAnchor(lastChange.anchor)}`],
  ])
}

function describeAnchor({ state, block, txHash }: AnchorState): string {
  return state === 'pending' ? 'not yet anchored' : `${state} in block ${block}, transaction ${txHash}`
}

function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
