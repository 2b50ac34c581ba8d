import type { Head, Kill } from '@consulate/core'
import { type Address, type Hex, pad, parseEventLogs } from 'viem'
import { statusRegistryAbi } from '../abi.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { type BlockRange, type LogPosition, positionOf, readLogs } from '../chain/read-logs.ts'

/** Carries what was signed and the signature: check it, an RPC may have made the log up. */
export type StatusEvent = LogPosition & { signer: Address; signature: Hex } & (
    | { type: 'anchored'; head: Head; headHash: Hex }
    | { type: 'killed'; kill: Kill }
  )

export interface StatusEventsQuestion extends BlockRange {
  statusRegistry: Address
  issuer: Address
}

/** What was recorded about an issuer between two blocks, oldest first. */
export async function readStatusEvents(client: ChainClient, question: StatusEventsQuestion): Promise<StatusEvent[]> {
  const topic = pad(question.issuer, { size: 32 })
  const logs = await readLogs(client, question.statusRegistry, [topic], question)
  return parseEventLogs({ abi: statusRegistryAbi, eventName: ['Anchored', 'Killed'], logs }).map(toStatusEvent)
}

type StatusLog = ReturnType<typeof parseEventLogs<typeof statusRegistryAbi, true, ['Anchored', 'Killed']>>[number]

function toStatusEvent(log: StatusLog): StatusEvent {
  const { signature } = log.args
  const of = { ...positionOf(log), signer: lowerCase(log.args.signer), signature }
  const issuer = lowerCase(log.args.issuer)
  if (log.eventName === 'Killed') {
    const { target, cutoff } = log.args
    const scope = log.args.scope as Kill['scope'] // the contract takes no other
    return { ...of, type: 'killed', kill: { issuer, scope, target, cutoff } }
  }
  const { epoch, version, prev, root, issuedAt, validUntil, headHash } = log.args
  const head = { issuer, epoch, version: Number(version), prev, root, issuedAt, validUntil }
  return { ...of, type: 'anchored', head, headHash }
}
