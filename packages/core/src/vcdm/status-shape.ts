import { z } from 'zod'
import { DomainError } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { oneOrMore, typeWith, urlSchema } from './fields.ts'

/** The bits of one value, at most; more would need more messages than anybody reads. */
const MAX_STATUS_SIZE = 8

const messageSchema = z.looseObject({ status: z.string().regex(/^0x[0-9a-f]+$/i), message: z.string() })

const entrySchema = z
  .looseObject({
    type: typeWith('BitstringStatusListEntry'),
    statusPurpose: z.string().min(1),
    statusListIndex: z.string().regex(/^\d+$/, 'expected an integer in base 10, as a string'),
    statusListCredential: urlSchema,
    statusSize: z.int().min(1).max(MAX_STATUS_SIZE).optional(),
    statusMessage: z.array(messageSchema).optional(),
    statusReference: oneOrMore(urlSchema).optional(),
  })
  .refine(
    ({ statusSize = 1, statusMessage }) =>
      statusMessage ? statusMessage.length === 2 ** statusSize : statusSize === 1,
    'statusMessage must have a message for each value of statusSize',
  )

/**
 * Decides that the entries for bitstring lists among a credential's status are such (Bitstring Status List §2.1). Other types of
 * status have other rules.
 *
 * @throws DomainError `status_malformed`
 */
export function checkStatusShape(entries: readonly { type: string | string[] }[]): void {
  for (const entry of entries) {
    if (![entry.type].flat().includes('BitstringStatusListEntry')) continue
    const parsed = entrySchema.safeParse(entry)
    if (!parsed.success)
      throw new DomainError('status_malformed', `Not a BitstringStatusListEntry: ${describeIssue(parsed.error)}.`)
  }
}
