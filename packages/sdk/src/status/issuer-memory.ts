import { decodeBitstring, encodeBitstring, type Head, headSchema, statusEntrySchema } from '@consulate/core'
import { z } from 'zod'

export interface KnownList {
  purpose: string
  version: number
  digest: string
  bits: Uint8Array
}

/** The last evidence of an issuer, worth remembering across restarts: a verifier never goes back behind it. */
export interface IssuerMemory {
  head: Head
  /** By list URL. */
  lists: Map<string, KnownList>
}

/** Where memories are kept. */
export interface MemoryStore {
  load(issuer: string): Promise<string | undefined>
  /** Durable when it returns; of several writers, the memory of the newest head stays. */
  save(issuer: string, snapshot: string, head: Pick<Head, 'epoch' | 'version'>): Promise<void>
}

const snapshotSchema = z.strictObject({
  head: headSchema,
  lists: z.array(statusEntrySchema.extend({ encodedList: z.string() })),
})

export function toSnapshot({ head, lists }: IssuerMemory): string {
  const entries = [...lists].map(([name, { bits, ...rest }]) => ({ name, ...rest, encodedList: encodeBitstring(bits) }))
  return JSON.stringify({ head, lists: entries })
}

export function fromSnapshot(snapshot: string): IssuerMemory {
  const { head, lists } = snapshotSchema.parse(JSON.parse(snapshot))
  const known = lists.map(
    ({ name, encodedList, ...rest }) => [name, { ...rest, bits: decodeBitstring(encodedList) }] as const,
  )
  return { head, lists: new Map(known) }
}
