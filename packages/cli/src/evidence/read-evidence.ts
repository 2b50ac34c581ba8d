import { createReadStream } from 'node:fs'
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

/** More than a document about as many epochs as there can be in one. */
const MAX_BYTES = 262_144

/** The evidence that the verifier keeps of a DID, or that is in a file or on standard input; checked as far as no chain is needed. */
export async function readEvidence(env: Env, source: string, command: Command): Promise<EquivocationEvidence> {
  const document = source.startsWith('did:')
    ? await findServices(env).verifierAdmin().evidence(source)
    : parseStrictJson(await readBounded(source, command))
  const parsed = equivocationEvidenceSchema.safeParse(document)
  if (!parsed.success)
    throw new DomainError(
      'invalid_request',
      `This is no evidence as consulate evidence show --json prints it: ${describeIssue(parsed.error)}.`,
    )
  verifyEvidence(parsed.data)
  return parsed.data
}

async function readBounded(source: string, command: Command): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of source === '-' ? process.stdin : createReadStream(source)) {
      size += chunk.length
      if (size > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (error) {
    command.error(`${source} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  if (size <= MAX_BYTES) return Buffer.concat(chunks)
  throw new DomainError('invalid_request', `The evidence has more than the ${MAX_BYTES} bytes that are read.`)
}
