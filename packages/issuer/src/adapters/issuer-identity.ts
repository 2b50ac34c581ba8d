import { type Hex, headDigest, killDigest, openEpochDigest, parseEthrDid, type RegistryDomain } from '@consulate/core'
import { addressOfKey } from '@consulate/registry'
import { type ChainConfig, type Database, lockName, signDigest, signJws } from '@consulate/server'
import { type Agent, DidStore, type NodeKms } from '@consulate/server/veramo'
import type { IssuerIdentity } from '../ports.ts'

const ALIAS = 'issuer'

const ED25519_SIGNATURE_BYTES = 64

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

/** Signs with the issuer's keys, past the agent, which would look each of them up anew; `kid` is the DID URL of the assertion key. */
export function createIssuerIdentity(
  kms: NodeKms,
  issuer: IssuerKeys,
  kid: string,
  chain: ChainConfig,
): Omit<IssuerIdentity, 'assertMaySign'> {
  const { did, address, owner, keys } = issuer
  const header = { alg: 'EdDSA' as const, typ: 'vc+jwt', kid }
  const domain: RegistryDomain = { chainId: chain.chainId, verifyingContract: chain.statusRegistry }
  const signedBy = async (key: StoredKey, digest: Hex) => ({
    signer: addressOfKey(key.publicKeyHex),
    signature: await signDigest(kms, key.kid, digest),
  })
  return {
    did,
    address,
    kid,
    signCredential: (credential) => signJws(kms, keys.assertionMethod.kid, header, credential),
    signStatement: (typ, claims) => signJws(kms, keys.assertionMethod.kid, { ...header, typ }, claims),
    tokenLength: (payload) =>
      [JSON.stringify(header), payload].reduce(
        (length, part) => length + base64urlLength(Buffer.byteLength(part)) + 1,
        0,
      ) + base64urlLength(ED25519_SIGNATURE_BYTES),
    signHead: (head) => signedBy(keys.statusAnchor, headDigest(head, domain)),
    signKill: (kill) => signedBy(keys.statusKill, killDigest(kill, domain)),
    signOpening: (opening) => signedBy(owner, openEpochDigest(opening, domain)),
  }
}

function base64urlLength(bytes: number): number {
  return Math.ceil((bytes * 4) / 3)
}
