import { DomainError } from '../errors.ts'
import { parseStrictJson } from '../json/strict-json.ts'

/** A JWS taken apart; nothing in it is verified yet. */
export interface CompactJws {
  header: Record<string, unknown>
  payload: Record<string, unknown>
  /** The ASCII bytes that were signed: the first two parts as they came. */
  signingInput: Buffer
  signature: Buffer
}

/**
 * Decodes a JWS in compact serialization (RFC 7515 §5.2, steps 1–7) whose header and payload are JSON objects. Each part
 * must be the one base64url spelling of its bytes: no padding, no white space, no stray bits. An empty signature decodes;
 * `checkHeader` and `verifySignature` refuse it.
 *
 * @throws DomainError `token_malformed`
 */
export function decodeCompactJws(token: string, { maxBytes }: { maxBytes: number }): CompactJws {
  if (token.length > maxBytes) {
    throw malformed(`The token has ${token.length} characters; at most ${maxBytes} are read.`)
  }
  const [header, payload, signature, ...rest] = token.split('.', 4)
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) {
    throw malformed('The token must have three parts with a dot between each: a compact JWS.')
  }
  return {
    header: decodeObject(header, 'header'),
    payload: decodeObject(payload, 'payload'),
    signingInput: Buffer.from(token.slice(0, header.length + 1 + payload.length), 'latin1'),
    signature: decodeBase64url(signature, 'signature'),
  }
}

function decodeObject(part: string, name: string): Record<string, unknown> {
  const value = parseJson(decodeBase64url(part, name), name)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`The token's ${name} must be a JSON object.`)
  }
  return value as Record<string, unknown>
}

// Buffer reads almost anything as base64url; only one spelling survives being written again.
function decodeBase64url(part: string, name: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) {
    throw malformed(`The token's ${name} must be base64url without padding, white space or stray bits (RFC 7515 §2).`)
  }
  return bytes
}

function parseJson(bytes: Buffer, name: string): unknown {
  try {
    return parseStrictJson(bytes)
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause
    throw malformed(`The token's ${name} is refused: ${cause.message}`, cause)
  }
}

function malformed(message: string, cause?: unknown): DomainError {
  return new DomainError('token_malformed', message, { cause })
}
