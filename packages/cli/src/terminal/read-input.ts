import { createReadStream } from 'node:fs'
import { DomainError } from '@consulate/core'
import type { Command } from 'commander'

/** A file, or standard input for `-`. One that cannot be read is wrong usage, one that is too long `invalid_request`. */
export async function readInput(source: string, maxBytes: number, command: Command): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of source === '-' ? process.stdin : createReadStream(source)) {
      size += chunk.length
      if (size > maxBytes) break
      chunks.push(chunk)
    }
  } catch (error) {
    command.error(`${source} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  if (size <= maxBytes) return Buffer.concat(chunks)
  const name = source === '-' ? 'standard input' : source
  throw new DomainError('invalid_request', `What is in ${name} has more than the ${maxBytes} bytes that are read.`)
}
