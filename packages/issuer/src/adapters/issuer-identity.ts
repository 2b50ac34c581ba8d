import { type Hex, headDigest, killDigest, parseEthrDid, type RegistryDomain } from '@consulate/core'
import { type Agent, type ChainConfig, type Database, DidStore, envelopedToken, lockName } from '@consulate/server'
import { publicKeyToAddress } from 'viem/accounts'
import type { IssuerIdentity } from '../ports.ts'

const ALIAS = 'issuer'
const PROOF_FORMAT = 'vc+jwt'

/** What each of the issuer's keys is for; the key that controls the DID signs nothing but changes of the DID. */
const PURPOSES = { assertionMethod: 'Ed25519', statusAnchor: 'Secp256k1', statusKill: 'Secp256k1' } as const

type KeyPurpose = keyof typeof PURPOSES

export interface IssuerKeys {
  did: string
  address: Hex
  /** Names and public keys, hex, by purpose. */
  owner: StoredKey
  keys: Record<KeyPurpose, StoredKey>
}

interface StoredKey {
  kid: string
  publicKeyHex: string
}

/** The issuer's did:ethr and its keys, made at the first start, all in one transaction. */
export function openIssuerKeys(agent: Agent, database: Database, chainId: number): Promise<IssuerKeys> {
  return database.transaction(async (tx) => {
    await lockName(tx, 'issuer identity')
    const provider = `did:ethr:0x${chainId.toString(16)}`
    const identifier = await agent.didManagerGetOrCreate({ alias: ALIAS, provider, kms: 'local' })
    for (const [purpose, type] of Object.entries(PURPOSES)) {
      if (identifier.keys.some(({ meta }) => meta?.purpose === purpose)) continue
      identifier.keys.push(await agent.keyManagerCreate({ kms: 'local', type, meta: { purpose } }))
    }
    await new DidStore(database).importDID(identifier)
    const { did, keys, controllerKeyId } = identifier
    const key = (isWanted: (candidate: (typeof keys)[number]) => boolean): StoredKey => {
      const { kid, publicKeyHex } = keys.find(isWanted)!
      return { kid, publicKeyHex }
    }
    const byPurpose = (purpose: KeyPurpose) => key(({ meta }) => meta?.purpose === purpose)
    return {
      did,
      address: parseEthrDid(did).address,
      owner: key(({ kid }) => kid === controllerKeyId),
      keys: {
        assertionMethod: byPurpose('assertionMethod'),
        statusAnchor: byPurpose('statusAnchor'),
        statusKill: byPurpose('statusKill'),
      },
    }
  })
}

/** Signs with the issuer's keys through the agent; `kid` is the DID URL of the assertion key. */
export function createIssuerIdentity(
  agent: Agent,
  issuer: IssuerKeys,
  kid: string,
  chain: ChainConfig,
): IssuerIdentity {
  const { did, address, keys } = issuer
  const domain: RegistryDomain = { chainId: chain.chainId, verifyingContract: chain.statusRegistry }
  const signedBy = async ({ kid: keyRef, publicKeyHex }: StoredKey, digest: Hex) => ({
    signer: addressOf(publicKeyHex),
    signature: await signDigest(agent, keyRef, digest),
  })
  return {
    did,
    address,
    kid,
    async signCredential(credential) {
      const signed = await agent.createVerifiableCredential({
        credential: credential as never,
        proofFormat: PROOF_FORMAT as never,
        keyRef: keys.assertionMethod.kid,
        verificationMethod: kid,
      })
      return envelopedToken(signed)
    },
    signHead: (head) => signedBy(keys.statusAnchor, headDigest(head, domain)),
    signKill: (kill) => signedBy(keys.statusKill, killDigest(kill, domain)),
  }
}

/** r ‖ s ‖ v over a digest. */
export async function signDigest(agent: Agent, keyRef: string, digest: Hex): Promise<Hex> {
  const signature = await agent.keyManagerSign({
    keyRef,
    algorithm: 'eth_rawSign',
    data: digest.slice(2),
    encoding: 'hex',
  })
  return signature as Hex
}

/** The Ethereum address of an uncompressed secp256k1 public key, lower-case. */
export function addressOf(publicKeyHex: string): Hex {
  return publicKeyToAddress(`0x${publicKeyHex.replace(/^0x/, '')}`).toLowerCase() as Hex
}
