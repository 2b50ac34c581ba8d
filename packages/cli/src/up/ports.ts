import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { SERVICES, type ServiceName } from '../services/find-services.ts'
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

/** A file that is missing or spoilt only means that ports are chosen anew. */
function read(file: string): z.infer<typeof portsSchema> {
  try {
    return portsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return {}
  }
}
