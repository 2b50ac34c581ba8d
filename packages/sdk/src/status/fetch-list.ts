import {
  checkHeader,
  checkStatusListCredential,
  type DidKeys,
  DomainError,
  decodeCompactJws,
  type StatusEntry,
  verifySignature,
} from '@consulate/core'
import { fetchDocument } from './fetch-json.ts'

const MAX_LIST_BYTES = 262_144

/** Fetches one status list credential and returns its bits once issuer, signature, purpose and period are right. */
export async function fetchList(
  fetch: typeof globalThis.fetch,
  entry: StatusEntry,
  expected: { issuer: string; keys: DidKeys; now: number; deadlineMs: number },
): Promise<Uint8Array> {
  const document = await fetchDocument(fetch, entry.name, 'application/vc+jwt', expected.deadlineMs)
  const { header, payload, signingInput, signature } = decodeCompactJws(document.toString('utf8'), {
    maxBytes: MAX_LIST_BYTES,
  })
  const { alg, kid } = checkHeader(header, { typ: 'vc+jwt' })
  const method = expected.keys.verificationMethods.get(kid)
  if (!method?.purposes.has('assertionMethod'))
    throw new DomainError('status_list_mismatch', `${entry.name} was signed by ${kid}, which is no key of its issuer.`)
  verifySignature(method, alg, signingInput, signature)
  const { issuer, now } = expected
  return checkStatusListCredential(payload, { url: entry.name, issuer, purpose: entry.purpose, now })
}
