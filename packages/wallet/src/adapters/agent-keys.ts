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
      // Asked first: deleting what is not there would fail, and with it the transaction that the caller is in.
      if (await isManaged(agent, did)) await agent.didManagerDelete({ did })
    },
  }
}

async function isManaged(agent: Agent, did: string): Promise<boolean> {
  try {
    await agent.didManagerGet({ did })
    return true
  } catch (error) {
    if (error instanceof DomainError && error.code === 'not_found') return false
    throw error
  }
}
