import { readFileSync } from 'node:fs'
import { DomainError } from '@consulate/core'
import { z } from 'zod'
import { endpointsFile } from './data-folder.ts'

const endpointsSchema = z.object({
  issuer: z.url(),
  wallet: z.url(),
  verifier: z.url(),
  rpcUrl: z.url(),
  chainId: z.int(),
  didRegistry: z.string(),
  statusRegistry: z.string(),
  issuerDid: z.string(),
  adminToken: z.string(),
  verifierToken: z.string(),
})

/** Where a running Consulate is, and what opens it. */
export type Endpoints = z.infer<typeof endpointsSchema>

/** Undefined when nothing runs with this data folder. Throws `unavailable` for a file that is not ours. */
export function readEndpoints(folder: string): Endpoints | undefined {
  const file = endpointsFile(folder)
  try {
    return endpointsSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    const why = code ?? 'it is not what consulate up writes'
    throw new DomainError('unavailable', `${file} cannot be used (${why}); start Consulate again with consulate up.`, {
      cause,
    })
  }
}
