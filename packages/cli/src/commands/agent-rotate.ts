import type { Rotation } from '@consulate/sdk'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { address } from '../terminal/option-values.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

export function addAgentRotateCommand(agent: Command, env: Env): void {
  agent
    .command('rotate')
    .description(
      'Give a did:ethr agent a new key, or hand its DID over; the wallet does the rest, and --show tells how far it is',
    )
    .argument('<agent>', 'name or DID')
    .option('--owner <address>', 'hand the DID over to this account, whose key is elsewhere', address)
    .option('--show', 'begin nothing, only say how far the latest rotation is')
    .addHelpText(
      'after',
      examples(
        'consulate agent rotate bot',
        'consulate agent rotate bot --show --json',
        'consulate agent rotate did:ethr:0x7a69:0x… --owner 0x…',
      ),
    )
    .action(async (nameOrDid: string, options: { owner?: string; show?: boolean }, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { findAgent } = await import('../services/saved-agents.ts')
      const { did } = findAgent(env, nameOrDid)
      const wallet = findServices(env).wallet()
      const rotation = options.show ? (await wallet.agent(did)).rotation : await wallet.rotateAgent(did, options.owner)
      terminalOf(command).answer(rotation ?? { did }, describe(nameOrDid, rotation))
    })
}

const STATES: Record<Rotation['state'], string> = {
  pending: 'gets its new key with one of the next blocks',
  sent: 'gets its new key with one of the next blocks',
  mined: 'has its new key',
  final: 'has its new key, for good',
  awaits_owner: 'is controlled by somebody else, who must hand the DID over',
}

function describe(name: string, rotation: Rotation | undefined): string[] {
  if (!rotation) return [`The key of ${name} has not been changed.`]
  const { did, address, owner, state, txHash } = rotation
  const rows = table([
    ['did', did],
    ['address', address],
    ['owner', owner],
    ['state', state],
    ['transaction', txHash],
  ])
  return [`${name} ${STATES[state]}.`, ...rows]
}
