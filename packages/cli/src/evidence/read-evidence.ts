import {
  DomainError,
  describeIssue,
  type EquivocationEvidence,
  equivocationEvidenceSchema,
  parseStrictJson,
  verifyEvidence,
} from '@consulate/core'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { findServices } from '../services/find-services.ts'
import { readInput } from '../terminal/read-input.ts'

/** More than a document about as many epochs as there can be in one. */
const MAX_BYTES = 262_144

/** The evidence that the verifier keeps of a DID, or that is in a file or on standard input; checked as far as no chain is needed. */
export async function readEvidence(env: Env, source: string, command: Command): Promise<EquivocationEvidence> {
  const document = source.startsWith('did:')
    ? await findServices(env).verifierAdmin().evidence(source)
    : parseStrictJson(await readInput(source, MAX_BYTES, command))
  const parsed = equivocationEvidenceSchema.safeParse(document)
  if (!parsed.success)
    throw new DomainError(
      'invalid_request',
      `This is no evidence as consulate evidence show --json prints it: ${describeIssue(parsed.error)}.`,
    )
  verifyEvidence(parsed.data)
  return parsed.data
}
