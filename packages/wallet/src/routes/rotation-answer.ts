import { parseEthrDid } from '@consulate/core'
import { z } from 'zod'
import type { BegunRotation } from '../use-cases/rotate-agent.ts'

/** The latest rotation of an agent. `owner` is who is to control the DID, `address` the one that the DID names. */
export const rotationAnswer = z.strictObject({
  did: z.string(),
  address: z.string(),
  owner: z.string(),
  state: z.enum(['pending', 'sent', 'mined', 'final', 'awaits_owner']),
  txHash: z.string().optional(),
  createdBy: z.string(),
})

export function describeRotation({
  did,
  owner,
  state,
  hash,
  createdBy,
}: BegunRotation): z.infer<typeof rotationAnswer> {
  const { address } = parseEthrDid(did)
  return { did, address, owner, state, ...(hash !== null && { txHash: hash }), createdBy }
}
