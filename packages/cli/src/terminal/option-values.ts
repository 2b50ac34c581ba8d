import { DomainError, parseStrictJson } from '@consulate/core'
import { InvalidArgumentError } from 'commander'

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number above 0.')
  return Number(text)
}

export function address(text: string): `0x${string}` {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError('Give an address: 0x and 40 hex digits.')
  return text.toLowerCase() as `0x${string}`
}

export function jsonObject(text: string): Record<string, unknown> {
  const value = parse(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new InvalidArgumentError('Give a JSON object.')
}

function parse(text: string): unknown {
  try {
    return parseStrictJson(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof DomainError ? error.message : 'Give a JSON object.')
  }
}
