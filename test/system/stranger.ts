import { buildPresentation, type PresentationRequest } from '@consulate/core'
import type { verifierClient } from '@consulate/sdk'
import { forge, newSigner, type Signer } from './forge.ts'
import { DOMAIN } from './start-system.ts'

type Verifier = ReturnType<typeof verifierClient>

/** How a presentation is made that no wallet would make. */
export interface Forgery extends Partial<PresentationRequest> {
  signer?: Signer
  typ?: string
  /** Members of the payload that are put in place of the right ones. */
  change?: object
  header?: object
  /** What the resource server asks for besides. */
  demand?: { domain?: string; htm?: string; htu?: string }
}

/** An agent without a wallet: it has its key in hand and presents what it likes. */
export function newStranger(verifier: () => Verifier) {
  const self = newSigner()
  return {
    ...self,
    /** Answers a new challenge; `accepted`, or status and code of the refusal. */
    async present(forgery: Forgery): Promise<string> {
      const { signer = self, typ = 'vp+jwt', change, header, demand, ...request } = forgery
      const domain = demand?.domain ?? DOMAIN
      const { challenge } = await verifier().challenge(domain)
      const now = Math.floor(Date.now() / 1000)
      const right = { holder: self.did, credentials: [], domain, challenge, now }
      const token = forge(signer, typ, { ...buildPresentation({ ...right, ...request }), ...change }, header)
      return outcomeOf(verifier().verifyPresentation(token, { domain, challenge, ...demand }))
    },
  }
}

/** `accepted`, or status and code of the refusal. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'accepted',
    ({ status, code }) => `${status} ${code}`,
  )
}
