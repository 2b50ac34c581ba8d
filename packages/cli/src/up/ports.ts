import { existsSync, readFileSync } from 'node:fs'
import { DomainError } from '@consulate/core'
import { z } from 'zod'
import { SERVICES, type ServiceName } from '../services/service-names.ts'
import { writePrivateFile } from './private-file.ts'

type PortOwner = ServiceName | 'chain'

const portsSchema = z.partialRecord(z.enum([...SERVICES, 'chain']), z.int().min(1).max(65_535))

/** Free ports that were chosen once and stay: credentials point to them. */
export interface Ports {
  kept(owner: PortOwner): number | undefined
  keep(owner: PortOwner, port: number): void
}

export function createPorts(file: string): Ports {
  return {
    kept: (owner) => read(file)[owner],
    keep(owner, port) {
      const ports = read(file)
      if (ports[owner] !== port) writePrivateFile(file, `${JSON.stringify({ ...ports, [owner]: port })}\n`)
    },
  }
}

/** A missing file only means that ports are still to be chosen; other ports than those in a spoilt one would lead nowhere. */
function read(file: string): z.infer<typeof portsSchema> {
  if (!existsSync(file)) return {}
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new DomainError(
      'unavailable',
      `${file} does not hold the ports that were chosen; restore it, or remove it to choose anew: what was issued names the old ones.`,
      { cause },
    )
  }
}
