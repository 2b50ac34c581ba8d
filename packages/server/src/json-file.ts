import { readFileSync } from 'node:fs'
import { DomainError, parseStrictJson } from '@consulate/core'
import { z } from 'zod'

/** A variable that names a file of JSON: what is in the file, checked, with one line for each mistake in it. */
export function jsonFile<Schema extends z.ZodType>(schema: Schema) {
  return z.string().transform((path, ctx): z.infer<Schema> => {
    const mistake = (message: string) => {
      ctx.addIssue(message)
      return z.NEVER
    }
    const content = read(path)
    if ('mistake' in content) return mistake(`names ${path}, which ${content.mistake}`)
    const parsed = schema.safeParse(content.json)
    if (parsed.success) return parsed.data
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`)
    return mistake(lines.map((line) => `names ${path}, where ${line}`).join('\n'))
  })
}

function read(path: string): { json: unknown } | { mistake: string } {
  try {
    return { json: parseStrictJson(readFileSync(path)) }
  } catch (error) {
    if (error instanceof DomainError) return { mistake: `is no JSON: ${error.message}` }
    return { mistake: `cannot be read (${(error as NodeJS.ErrnoException).code})` }
  }
}
