import type { z } from 'zod'

/** Of so many mistakes each is told. */
const TOLD = 5

/** What is wrong, in words: where it is and what was expected, the first five of it. Never shows the value. */
export function describeIssue({ issues }: z.ZodError): string {
  if (issues.length === 0) return 'it does not have the expected shape'
  const told = issues.slice(0, TOLD).map(({ path, message }) => inWords(path.join('.'), message))
  const more = issues.length - told.length
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

/** Zod tells of what it got only in its message. */
function inWords(where: string, message: string): string {
  const [, expected, received] = /^Invalid input: expected (\w+), received (\w+)$/.exec(message) ?? []
  const prefix = where ? `${where}: ` : ''
  if (expected === undefined) return `${prefix}${message}`
  if (received === 'undefined') return `${prefix}is missing; give ${withArticle(expected)}`
  if (received === 'NaN') return `${prefix}must be ${withArticle(expected)}`
  return `${prefix}must be ${withArticle(expected)}, not ${received === 'null' ? received : withArticle(received!)}`
}

function withArticle(type: string): string {
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
}
