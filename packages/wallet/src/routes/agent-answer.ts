import { z } from 'zod'
import type { WalletAgent } from '../records.ts'

export const agentAnswer = z.strictObject({
  did: z.string(),
  name: z.string(),
  createdAt: z.int(),
  createdBy: z.string().optional(),
})

export function describeAgent({ did, name, createdAt, createdBy }: WalletAgent): z.infer<typeof agentAnswer> {
  return { did, name, createdAt, ...(createdBy !== null && { createdBy }) }
}
