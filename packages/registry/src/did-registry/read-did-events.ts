import { type Address, type Hex, pad, parseEventLogs } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import type { ChainClient } from '../chain/chain-client.ts'
import { lowerCase } from '../chain/lower-case.ts'
import { type BlockRange, type LogPosition, positionOf, readLogs } from '../chain/read-logs.ts'
import { decodeName } from './delegate-type.ts'

/** A change of an identity; addresses in lower case, `validTo` in seconds (in the past: revoked). */
export type DidEvent = LogPosition & { identity: Address } & (
    | { type: 'ownerChanged'; owner: Address }
    | { type: 'delegateChanged'; delegateType: string; delegate: Address; validTo: number }
    | { type: 'attributeChanged'; name: string; value: Hex; validTo: number }
  )

export interface DidEventsQuestion extends BlockRange {
  didRegistry: Address
  /** Every identity's when left out. */
  identities?: readonly Address[]
}

/** What changed in identities between two blocks, oldest first. */
export async function readDidEvents(client: ChainClient, question: DidEventsQuestion): Promise<DidEvent[]> {
  const topics = question.identities?.map((identity) => pad(identity, { size: 32 }))
  const logs = await readLogs(client, question.didRegistry, topics, question)
  return parseEventLogs({ abi: didRegistryAbi, logs }).map(toDidEvent)
}

type DidLog = ReturnType<typeof parseEventLogs<typeof didRegistryAbi>>[number]

function toDidEvent(log: DidLog): DidEvent {
  const of = { ...positionOf(log), identity: lowerCase(log.args.identity) }
  switch (log.eventName) {
    case 'DIDOwnerChanged':
      return { ...of, type: 'ownerChanged', owner: lowerCase(log.args.owner) }
    case 'DIDDelegateChanged': {
      const { delegateType, delegate, validTo } = log.args
      const type = 'delegateChanged'
      return {
        ...of,
        type,
        delegateType: decodeName(delegateType),
        delegate: lowerCase(delegate),
        validTo: Number(validTo),
      }
    }
    case 'DIDAttributeChanged': {
      const { name, value, validTo } = log.args
      return { ...of, type: 'attributeChanged', name: decodeName(name), value, validTo: Number(validTo) }
    }
  }
}
