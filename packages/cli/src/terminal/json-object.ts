import { DomainError, parseStrictJson } from '@consulate/core'
import type { Command } from 'commander'

/** The value of an option that takes a JSON object; anything else is wrong usage. */
export function jsonObject(option: string, text: string, command: Command): Record<string, unknown> {
  const value = parse(option, text, command)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  command.error(`${option} must be a JSON object`)
}

function parse(option: string, text: string, command: Command): unknown {
  try {
    return parseStrictJson(text)
  } catch (error) {
    command.error(error instanceof DomainError ? `${option}: ${error.message}` : `${option} must be a JSON object`)
  }
}
