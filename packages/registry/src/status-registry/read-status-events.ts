import type { EpochOpening, Head, Kill } from '@consulate/core'
import { type Address, type Hex, pad, parseEventLogs } from 'viem'
import { statusRegistryAbi } from '../abi.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { type BlockRange, type LogPosition, positionOf, readLogs } from '../chain/read-logs.ts'
import type { SignedHead } from './prove-equivocation.ts'

/** Carries what was signed and the signatures: check them, an RPC may have made the log up. */
export type StatusEvent = LogPosition &
  (
    | { type: 'anchored'; head: Head; headHash: Hex; signer: Address; signature: Hex }
    | { type: 'killed'; kill: Kill; signer: Address; signature: Hex }
    | { type: 'epochOpened'; opening: EpochOpening; signer: Address; signature: Hex }
    | { type: 'equivocated'; heads: [SignedHead, SignedHead] }
  )

export interface StatusEventsQuestion extends BlockRange {
  statusRegistry: Address
  issuer: Address
}

/** What was recorded about an issuer between two blocks, oldest first. */
export async function readStatusEvents(client: ChainClient, question: StatusEventsQuestion): Promise<StatusEvent[]> {
  const topic = pad(question.issuer, { size: 32 })
  const logs = await readLogs(client, question.statusRegistry, [topic], question)
  return parseEventLogs({ abi: statusRegistryAbi, eventName: EVENTS, logs }).map(toStatusEvent)
}

const EVENTS: ['Anchored', 'Killed', 'EpochOpened', 'Equivocated'] = [
  'Anchored',
  'Killed',
  'EpochOpened',
  'Equivocated',
]

type StatusLog = ReturnType<typeof parseEventLogs<typeof statusRegistryAbi, true, typeof EVENTS>>[number]

function toStatusEvent(log: StatusLog): StatusEvent {
  const at = positionOf(log)
  const issuer = lowerCase(log.args.issuer)
  if (log.eventName === 'Equivocated') {
    const { a, signerA, signatureA, b, signerB, signatureB } = log.args
    const heads = [toSignedHead(a, signerA, signatureA), toSignedHead(b, signerB, signatureB)] as const
    return { ...at, type: 'equivocated', heads: [...heads] }
  }
  const signed = { signer: lowerCase(log.args.signer), signature: log.args.signature }
  if (log.eventName === 'EpochOpened')
    return { ...at, ...signed, type: 'epochOpened', opening: { issuer, epoch: log.args.epoch } }
  if (log.eventName === 'Killed') {
    const { target, cutoff } = log.args
    const scope = log.args.scope as Kill['scope'] // the contract takes no other
    return { ...at, ...signed, type: 'killed', kill: { issuer, scope, target, cutoff } }
  }
  const { epoch, version, prev, root, issuedAt, validUntil, headHash } = log.args
  const head = { issuer, epoch, version: Number(version), prev, root, issuedAt, validUntil }
  return { ...at, ...signed, type: 'anchored', head, headHash }
}

function toSignedHead(head: LoggedHead, signer: Address, signature: Hex): SignedHead {
  const { issuer, epoch, version, prev, root, issuedAt, validUntil } = head
  return {
    head: { issuer: lowerCase(issuer), epoch, version: Number(version), prev, root, issuedAt, validUntil },
    signer: lowerCase(signer),
    signature,
  }
}

type LoggedHead = Extract<StatusLog, { eventName: 'Equivocated' }>['args']['a']
