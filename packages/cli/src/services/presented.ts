import { DomainError } from '@consulate/core'
import type { Command } from 'commander'
import { z } from 'zod'

const presentedSchema = z.object({
  verifiablePresentation: z.string(),
  domain: z.string().optional(),
  challenge: z.string().optional(),
  htm: z.string().optional(),
  htu: z.string().optional(),
})

const failedSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

export interface Presented {
  verifiablePresentation: string
  domain: string
  challenge: string
  htm?: string
  htu?: string
}

/** Reads a compact presentation, or what `present --json` prints; options count more. What is missing is wrong usage. */
export function parsePresented(text: string, options: Partial<Presented>, command: Command): Presented {
  const trimmed = text.trim()
  if (trimmed === '') command.error('there is no presentation in the input')
  const { verifiablePresentation, ...read } = trimmed.startsWith('{')
    ? parseDocument(trimmed, command)
    : { verifiablePresentation: trimmed }
  const { domain = read.domain, challenge = read.challenge } = options
  if (domain === undefined || challenge === undefined)
    command.error('--domain and --challenge are needed: a verifier never takes them from the presentation itself')
  const { htm, htu } = read
  return { verifiablePresentation, domain, challenge, ...(htm && { htm }), ...(htu && { htu }) }
}

function parseDocument(text: string, command: Command): z.infer<typeof presentedSchema> {
  const document = parseJson(text)
  const failed = failedSchema.safeParse(document)
  if (failed.success)
    throw new DomainError(
      'presentation_malformed',
      `The input is no presentation but a failure: ${failed.data.error.message}`,
    )
  const presented = presentedSchema.safeParse(document)
  if (presented.success) return presented.data
  command.error('the input is neither a compact presentation nor what consulate present --json prints')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
