import { z } from 'zod'
import { type Hex, hashStruct, type RegistryDomain, typedDataDigest } from './typed-data.ts'

export type { Hex, RegistryDomain } from './typed-data.ts'

const MAX_UINT32 = 2 ** 32 - 1
const MAX_UINT48 = 2 ** 48 - 1
const HEAD_TYPE =
  'Head(address issuer,uint32 epoch,uint64 version,bytes32 prev,bytes32 root,uint48 issuedAt,uint48 validUntil)'

const addressSchema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{40}$/)])
const bytes32Schema = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)])
const timeSchema = z.int().min(0).max(MAX_UINT48)

/** The issuer's signed statement of all its lists at one moment. Hex in lower case, times in seconds since 1970. */
export const headSchema = z.strictObject({
  issuer: addressSchema,
  epoch: z.int().min(0).max(MAX_UINT32),
  version: z.int().min(0),
  /** Struct hash of the head before it. */
  prev: bytes32Schema,
  /** `headRoot` of the entries. */
  root: bytes32Schema,
  issuedAt: timeSchema,
  validUntil: timeSchema,
})
export type Head = z.infer<typeof headSchema>

/** EIP-712 `hashStruct` of the head: what the next head's `prev` holds. */
export function hashHead(head: Head): Hex {
  const { issuer, epoch, version, prev, root, issuedAt, validUntil } = head
  return hashStruct(HEAD_TYPE, [issuer, epoch, version, prev, root, issuedAt, validUntil])
}

/** EIP-712 digest of the head: what a `statusAnchor` delegate signs. */
export function headDigest(head: Head, domain: RegistryDomain): Hex {
  return typedDataDigest(hashHead(head), domain)
}
