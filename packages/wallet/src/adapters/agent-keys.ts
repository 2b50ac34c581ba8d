import { DomainError } from '@consulate/core'
import { type Agent, envelopedToken } from '@consulate/server'
import type { AgentKeys } from '../ports.ts'

/** The agents' keys in Veramo's hands, each under the agent's name. */
export function createAgentKeys(agent: Agent): AgentKeys {
  return {
    async createDid(alias) {
      const options = { keyType: 'Ed25519' }
      const { did } = await agent.didManagerGetOrCreate({ alias, provider: 'did:key', kms: 'local', options })
      return did
    },
    async signPresentation(presentation) {
      const signed = await agent.createVerifiablePresentation({
        presentation: presentation as never,
        proofFormat: 'vp+jwt' as never,
      })
      return envelopedToken(signed)
    },
    async deleteDid(did) {
      try {
        await agent.didManagerDelete({ did })
      } catch (error) {
        if (!(error instanceof DomainError && error.code === 'not_found')) throw error
      }
    },
  }
}
