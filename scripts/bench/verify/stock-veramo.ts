import { strict as assert } from 'node:assert'
import { createAgent, type ICredentialPlugin, type IResolver } from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { getDidKeyResolver } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { Resolver } from 'did-resolver'
import type { Presented } from './content.ts'

/** Veramo's own plugins: the presentation, then the credential in it, for it checks only the outer signature. */
export function createStockVeramo() {
  const resolver = new Resolver(getDidKeyResolver(), { cache: true })
  const agent = createAgent<ICredentialPlugin & IResolver>({
    plugins: [new CredentialPlugin([new CredentialProviderJWT()]), new DIDResolverPlugin({ resolver })],
  })
  return {
    async verify({ presentation, credential, demand }: Presented): Promise<void> {
      const { domain, challenge } = demand
      const presented = await agent.verifyPresentation({ presentation, domain, challenge })
      assert(presented.verified, presented.error?.message)
      const issued = await agent.verifyCredential({ credential })
      assert(issued.verified, issued.error?.message)
    },
  }
}
