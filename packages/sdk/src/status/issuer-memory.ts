import { decodeBitstring, encodeBitstring, type Head, type Hex, headSchema, statusEntrySchema } from '@consulate/core'
import { z } from 'zod'

export interface KnownList {
  purpose: string
  version: number
  digest: string
  bits: Uint8Array
}

/** Revocations that an issuer told in deltas and that are in no known list yet; indices by list URL. */
export type PushedRevocations = ReadonlyMap<string, ReadonlySet<number>>

export interface SignedHead {
  head: Head
  signer: Hex
  signature: Hex
}

/** Missing in memories from before signatures were kept with them: the signature and its maker. */
export interface RememberedHead {
  head: Head
  signer?: Hex | undefined
  signature?: Hex | undefined
}

/** Two heads of one issuer that exclude each other. */
export interface Equivocation {
  epoch: number
  heads: [RememberedHead, RememberedHead]
}

/** The last evidence of an issuer, worth remembering across restarts: a verifier never goes back behind it. */
export interface IssuerMemory extends RememberedHead {
  /** By list URL. */
  lists: Map<string, KnownList>
}

/** Where memories are kept. */
export interface MemoryStore {
  load(issuer: string): Promise<string | undefined>
  /** Durable when it returns; of several writers, the memory of the newest head stays. */
  save(issuer: string, snapshot: string, head: Pick<Head, 'epoch' | 'version'>): Promise<void>
  /** Keeps the proof, durable when it returns; the first one of an epoch stays, and is in force again unless it shall stay cleared. */
  convict(issuer: string, equivocation: Equivocation, again?: 'unlessCleared'): Promise<void>
  /** The epoch of a proof that whoever it was has found and no person has cleared. */
  convictedEpoch(issuer: string): Promise<number | undefined>
}

const hexSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]+$/)])

const snapshotSchema = z.strictObject({
  head: headSchema,
  signer: hexSchema.optional(),
  signature: hexSchema.optional(),
  lists: z.array(statusEntrySchema.extend({ encodedList: z.string() })),
  /** By list URL, what no list says. */
  revoked: z.record(z.string(), z.array(z.int())).default({}),
})

export function toSnapshot({ lists, ...signed }: IssuerMemory, pushed: PushedRevocations): string {
  const entries = [...lists].map(([name, { bits, ...rest }]) => ({ name, ...rest, encodedList: encodedOf(bits) }))
  const revoked = Object.fromEntries([...pushed].map(([list, indices]) => [list, [...indices]]))
  return JSON.stringify({ ...signed, lists: entries, revoked })
}

/** Few of an issuer's lists change from one head to the next; bits never do. */
const encoded = new WeakMap<Uint8Array, string>()

function encodedOf(bits: Uint8Array): string {
  const text = encoded.get(bits) ?? encodeBitstring(bits)
  encoded.set(bits, text)
  return text
}

export function fromSnapshot(snapshot: string): { known: IssuerMemory; revoked: PushedRevocations } {
  const { lists, revoked, ...signed } = snapshotSchema.parse(JSON.parse(snapshot))
  const known = lists.map(
    ({ name, encodedList, ...rest }) => [name, { ...rest, bits: decodeBitstring(encodedList) }] as const,
  )
  const pushed = Object.entries(revoked).map(([list, indices]) => [list, new Set(indices)] as const)
  return { known: { ...signed, lists: new Map(known) }, revoked: new Map(pushed) }
}
