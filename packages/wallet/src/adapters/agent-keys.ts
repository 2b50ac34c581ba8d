import { DomainError, type Hex } from '@consulate/core'
import { addProof } from '@consulate/core/data-integrity'
import { addressOfKey } from '@consulate/registry'
import { signJws } from '@consulate/server'
import { type Agent, type DidStore, envelopedToken, type NodeKms } from '@consulate/server/veramo'
import type { AgentKeys, HeldPresentation, ProofBinding } from '../ports.ts'

const KMS = 'local'

/** The agents' keys in Veramo's hands, each DID under the agent's name; those of did:ethr change past it, which would pay itself. */
export function createAgentKeys(options: { agent: Agent; dids: DidStore; kms: NodeKms; chainId: number }): AgentKeys {
  const { agent, dids, kms, chainId } = options
  const providers = {
    key: { provider: 'did:key', options: { keyType: 'Ed25519' } },
    ethr: { provider: `did:ethr:0x${chainId.toString(16)}` },
  }
  return {
    async createDid(alias, method) {
      const { did } = await agent.didManagerGetOrCreate({ alias, kms: KMS, ...providers[method] })
      return did
    },
    async signPresentation(presentation) {
      if (presentation.holder.startsWith('did:ethr:')) return signAsController(dids, kms, presentation)
      const signed = await agent.createVerifiablePresentation({
        presentation: presentation as never,
        proofFormat: 'vp+jwt' as never,
      })
      return envelopedToken(signed)
    },
    provePresentation: (presentation, binding) => prove(dids, kms, presentation, binding),
    async deleteDid(did) {
      // Asked first: deleting what is not there would fail, and with it the transaction that the caller is in.
      if (await isManaged(agent, did)) await agent.didManagerDelete({ did })
    },
    async addKey(did) {
      const { kid, publicKeyHex } = await agent.keyManagerCreate({ kms: KMS, type: 'Secp256k1' })
      await dids.addKey(did, kid)
      return addressOfKey(publicKeyHex)
    },
    holds: async (did, address) => (await findEthrKey(dids, did, address)) !== undefined,
    async use(did, address) {
      await dids.setController(did, (await findEthrKey(dids, did, address)) ?? null)
    },
  }
}

/** The name of a did:ethr's key by its address. */
export async function findEthrKey(dids: DidStore, did: string, address: Hex): Promise<string | undefined> {
  const { keys } = await dids.getDID({ did })
  return keys.find(({ publicKeyHex }) => addressOfKey(publicKeyHex) === address)?.kid
}

async function signAsController(dids: DidStore, kms: NodeKms, presentation: HeldPresentation): Promise<string> {
  const { holder } = presentation
  const { controllerKeyId } = await dids.getDID({ did: holder })
  if (controllerKeyId === undefined)
    throw new DomainError(
      'did_owned_elsewhere',
      `${holder} is controlled by a key that is not kept here; have it handed back to a key of this wallet first.`,
    )
  const header = { alg: 'ES256K', typ: 'vp+jwt', kid: `${holder}#controller` } as const
  return signJws(kms, controllerKeyId, header, presentation)
}

async function prove(dids: DidStore, kms: NodeKms, presentation: HeldPresentation, binding: ProofBinding) {
  const { holder } = presentation
  const key = (await dids.getDID({ did: holder })).keys.find(({ type }) => type === 'Ed25519')
  if (!key || !holder.startsWith('did:key:'))
    throw new DomainError(
      'algorithm_not_allowed',
      `${holder} has no Ed25519 key, which ${binding.cryptosuite} takes; leave the cryptosuite out.`,
    )
  const verificationMethod = `${holder}#${holder.slice('did:key:'.length)}`
  const proofPurpose = 'authentication' as const
  return addProof({ ...presentation }, { ...binding, verificationMethod, proofPurpose }, async (data) =>
    Buffer.from(await kms.sign({ keyRef: { kid: key.kid }, algorithm: 'EdDSA', data }), 'base64url'),
  )
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
