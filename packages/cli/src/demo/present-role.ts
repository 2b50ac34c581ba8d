import { ServiceError } from '@consulate/sdk'
import type { Services } from '../services/find-services.ts'
import { type DemoAgent, DOMAIN } from './cast.ts'

/** The verifier's word on a new presentation: undefined when it passed, else the code of the refusal. */
export type Refusal = string | undefined

type Verifier = ReturnType<Services['verifier']>

/** An agent presents its role with a challenge of its own. */
export async function presentRole(verifier: Verifier, { did, role, wallet }: DemoAgent): Promise<Refusal> {
  const { challenge } = await verifier.challenge(DOMAIN)
  const presentation = await wallet.present({ domain: DOMAIN, challenge })
  return refusalOf(async () => {
    const { holder, roles } = await verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge })
    return holder === did && roles.some((verified) => verified.role === role)
  })
}

/** What a verification is refused with; any failure that is no refusal is thrown. */
export async function refusalOf(verify: () => Promise<boolean>): Promise<Refusal> {
  try {
    return (await verify()) ? undefined : 'wrong_answer'
  } catch (error) {
    if (error instanceof ServiceError && error.status === 400) return error.code
    throw error
  }
}
