import { DomainError } from '../errors.ts'
import { quote } from './quote.ts'

export interface JsonLimits {
  /** Of the UTF-8 text; none by default. */
  maxBytes?: number
  /** Objects and arrays within each other; 32 by default. */
  maxDepth?: number
}

/**
 * Parses JSON (RFC 8259) as I-JSON (RFC 7493) and no looser: well-formed UTF-8 without a byte order mark, no member twice
 * in one object, no lone surrogates, numbers within ±(2^53 − 1) and no −0. Names with a backslash, and members named
 * `__proto__`, `constructor` or `prototype`, are refused. Depth is checked before anything is parsed.
 *
 * Two passes around `JSON.parse`, which keeps the last of several equal names: the first counts the members that the text
 * spells, the second those that the value has.
 *
 * @throws DomainError `malformed_json`
 */
export function parseStrictJson(input: string | Uint8Array, { maxBytes, maxDepth = 32 }: JsonLimits = {}): unknown {
  if (maxBytes !== undefined) checkSize(input, maxBytes)
  const text = typeof input === 'string' ? input : decodeUtf8(input)
  if (text.charCodeAt(0) === BYTE_ORDER_MARK)
    throw malformed('The JSON begins with a byte order mark (U+FEFF); send it without.')
  const { members: spelled, open } = countSpelledMembers(text, maxDepth)
  const value = parse(text, open > 0)
  if (countMembers(value) !== spelled) throw malformed('An object has the same member twice; name each member once.')
  return value
}

const BYTE_ORDER_MARK = 0xfeff

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function checkSize(input: string | Uint8Array, maxBytes: number): void {
  const size = typeof input === 'string' ? Buffer.byteLength(input) : input.length
  if (size > maxBytes) throw malformed(`The JSON has ${size} bytes; at most ${maxBytes} are read.`)
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw malformed('The JSON is not well-formed UTF-8.', cause)
  }
}

/** Right for well-formed JSON, of which nothing is left open; whatever else passes here stops in `JSON.parse`. */
function countSpelledMembers(text: string, maxDepth: number): { members: number; open: number } {
  let members = 0
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case 0x22: // "
        i = endOfString(text, i)
        if (i === text.length) depth++
        break
      case 0x3a: // :
        members++
        break
      case 0x5b: // [
      case 0x7b: // {
        if (++depth > maxDepth) throw malformed(`The JSON is nested more than ${maxDepth} levels deep.`)
        break
      case 0x5d: // ]
      case 0x7d: // }
        depth--
    }
  }
  return { members, open: depth }
}

/** The next quotation mark behind an even number of backslashes; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text.charCodeAt(first - 1) === 0x5c) first--
  return (at - first) % 2 === 1
}

function parse(text: string, isOpen: boolean): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // V8's own message quotes the text
    if (text.trim() === '') throw malformed('There is no JSON: the text is empty.')
    if (isOpen) throw malformed('The JSON ends too early: a string, an array or an object in it is not closed.')
    throw malformed('The text is not JSON (RFC 8259).')
  }
}

function countMembers(value: unknown): number {
  if (typeof value === 'string') checkString(value)
  if (typeof value === 'number') checkNumber(value)
  if (typeof value !== 'object' || value === null) return 0
  let members = 0
  if (Array.isArray(value)) {
    for (const element of value) members += countMembers(element)
    return members
  }
  for (const name of Object.keys(value)) {
    checkName(name)
    members += 1 + countMembers((value as Record<string, unknown>)[name])
  }
  return members
}

function checkName(name: string): void {
  checkString(name)
  // V8 can take an escaped name for another one that it has seen, which has a backslash then (nodejs/node#63785).
  if (name.includes('\\'))
    throw malformed('A member name has a backslash; spell names without one, and without escapes.')
  if (name === '__proto__' || name === 'constructor' || name === 'prototype') {
    throw malformed(`The member name ${quote(name)} is not allowed.`)
  }
}

function checkString(value: string): void {
  if (!value.isWellFormed()) throw malformed(`The string ${quote(value)} holds half of a surrogate pair.`)
}

function checkNumber(value: number): void {
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw malformed('A number is beyond ±(2^53 − 1), where digits get lost; send it as a string.')
  }
  if (Object.is(value, -0)) throw malformed('A number is −0; write 0.')
}

function malformed(message: string, cause?: unknown): DomainError {
  return new DomainError('malformed_json', message, { cause })
}
