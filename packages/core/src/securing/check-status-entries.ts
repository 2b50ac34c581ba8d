import { z } from 'zod'
import { DomainError, type ErrorCode } from '../errors.ts'
import { describeIssue } from '../json/describe-issue.ts'
import { quote } from '../json/quote.ts'
import { decodeBitstring, getBit, parseStatusListIndex } from '../status-list/bitstring.ts'
import { type AnyCredential, issuerOf, readCredentialShape } from '../vcdm/credential-shape.ts'
import { oneOrMore, typeWith } from '../vcdm/fields.ts'
import { checkPeriod } from './check-period.ts'
import { openSecured } from './open-secured.ts'
import type { SecuredPorts } from './ports.ts'
import { verifySigner } from './verify-signer.ts'

/** How many lists one credential may have us fetch. */
const MAX_ENTRIES = 8

const entriesSchema = z
  .array(
    z.looseObject({
      type: typeWith('BitstringStatusListEntry'),
      statusPurpose: z.string().min(1).max(256),
      statusListIndex: z.unknown(),
      statusListCredential: z.url({ protocol: /^https?$/ }).max(2048),
      statusSize: z.literal(1, 'only lists of single bits are read').optional(),
    }),
  )
  .max(MAX_ENTRIES)

const listSchema = z.looseObject({
  type: typeWith('BitstringStatusListCredential'),
  credentialSubject: z.looseObject({
    type: typeWith('BitstringStatusList'),
    statusPurpose: oneOrMore(z.string()),
    encodedList: z.string(),
  }),
})

/** What a set bit takes from a credential; a bit of another purpose only informs. */
const REFUSALS: ReadonlyMap<string, { code: ErrorCode; message: string }> = new Map([
  ['revocation', { code: 'credential_revoked', message: 'The credential was revoked; it will not be valid again.' }],
  ['suspension', { code: 'credential_suspended', message: 'The credential is suspended.' }],
])

/**
 * Decides that no list says of a credential that it was revoked or suspended (Bitstring Status List §3.2). A list is
 * believed when the issuer of the credential has signed it. A status of another type cannot be checked, and is refused.
 *
 * @throws DomainError `status_malformed`, `status_unavailable`, `status_list_malformed`, `status_list_length`,
 * `status_list_mismatch`, `status_index_out_of_range`, `credential_revoked`, `credential_suspended`
 */
export async function checkStatusEntries(
  ports: SecuredPorts,
  { credentialStatus = [] }: Pick<AnyCredential, 'credentialStatus'>,
  issuer: string,
): Promise<void> {
  const parsed = entriesSchema.safeParse([credentialStatus].flat())
  if (!parsed.success)
    throw new DomainError('status_malformed', `credentialStatus cannot be checked: ${describeIssue(parsed.error)}.`)
  for (const { statusPurpose, statusListIndex, statusListCredential: url } of parsed.data) {
    const index = parseStatusListIndex(statusListIndex)
    const isSet = getBit(await readList(ports, await ports.statusList(url), statusPurpose, issuer), index)
    const refusal = REFUSALS.get(statusPurpose)
    if (isSet && refusal) throw new DomainError(refusal.code, refusal.message)
  }
}

async function readList(ports: SecuredPorts, served: unknown, purpose: string, issuer: string): Promise<Uint8Array> {
  const list = await verifyList(ports, served, issuer)
  const { statusPurpose, encodedList } = list.credentialSubject
  if (![statusPurpose].flat().includes(purpose))
    throw new DomainError(
      'status_list_mismatch',
      `The list's statusPurpose is ${quote(statusPurpose)}, the credential's ${quote(purpose)}.`,
    )
  return decodeBitstring(encodedList)
}

/** Whatever is wrong with the list is a STATUS_VERIFICATION_ERROR of the credential (Bitstring Status List §3.5). */
async function verifyList(ports: SecuredPorts, served: unknown, issuer: string): Promise<z.infer<typeof listSchema>> {
  try {
    const secured = openSecured(served, 'credential')
    const credential = readCredentialShape(secured.document)
    const list = listSchema.safeParse(secured.document)
    if (!list.success) throw new DomainError('credential_malformed', `${describeIssue(list.error)}.`)
    if (issuerOf(credential) !== issuer)
      throw new DomainError('issuer_mismatch', `${quote(issuerOf(credential))} issued it, not ${issuer}.`)
    checkPeriod(credential, ports.now())
    await verifySigner(secured, { keys: await ports.keys(issuer), purpose: 'assertionMethod', now: ports.now() })
    return list.data
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause
    throw new DomainError('status_list_malformed', `The status list is refused: ${cause.message}`, { cause })
  }
}
