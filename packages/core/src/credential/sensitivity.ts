import { z } from 'zod'

/** How much harm a role can do, least first; it sets how fresh status evidence must be. */
const SENSITIVITIES = ['low', 'medium', 'high'] as const

export const sensitivitySchema = z.enum(SENSITIVITIES)

export type Sensitivity = z.infer<typeof sensitivitySchema>

/** The stricter of two sensitivities. */
export function stricter(a: Sensitivity, b: Sensitivity): Sensitivity {
  return SENSITIVITIES.indexOf(a) >= SENSITIVITIES.indexOf(b) ? a : b
}
