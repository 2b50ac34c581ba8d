import { encodeDidKey, envelope, ethrDid } from '@consulate/core'
import { addProof } from '@consulate/core/data-integrity'
import { addressOfKey } from '@consulate/registry'
import { type Database, lockName, signJws } from '@consulate/server'
import type { NodeKms } from '@consulate/server/veramo'
import type { OpenInstance } from '../instance-ports.ts'
import type { IssuerInstance, IssuerInstances } from '../instances.ts'
import type { IssuerOnChain } from './change-own-did.ts'
import { publishAssertionKey } from './publish-assertion-key.ts'

/** What opening instances asks of the world: `onChain` for those whose DID stands there. */
interface Opening {
  database: Database
  kms: NodeKms
  onChain: IssuerOnChain
}

/** Every configured instance with its DID; keys are made for one that is new, and kept sealed. */
export async function openInstances(
  opening: Opening,
  instances: IssuerInstances,
): Promise<ReadonlyMap<string, OpenInstance>> {
  const opened = new Map<string, OpenInstance>()
  for (const [name, instance] of Object.entries(instances))
    opened.set(name, await openInstance(opening, name, instance))
  return opened
}

async function openInstance(opening: Opening, name: string, instance: IssuerInstance): Promise<OpenInstance> {
  const publicKeyHex = await publicKeyOf(opening, keyName(name), 'Ed25519')
  const didKey = encodeDidKey(Buffer.from(publicKeyHex, 'hex'))
  const publicKeyMultibase = didKey.slice('did:key:'.length)
  const method = await methodOf(opening, name, instance, { didKey, publicKeyHex })
  return {
    ...instance,
    ...method,
    name,
    publicKeyMultibase,
    secure: (credential, signedAt) =>
      secure(opening.kms, { name, securing: instance.securing, ...method }, credential, signedAt),
  }
}

function keyName(instance: string): string {
  return `instance ${instance}`
}

/** In hex. */
function publicKeyOf({ database, kms }: Opening, kid: string, type: 'Ed25519' | 'Secp256k1'): Promise<string> {
  return database.transaction(async (tx) => {
    await lockName(tx, kid)
    const known = (await kms.listKeys()).find((key) => key.kid === kid)
    return (known ?? (await kms.createKey({ type, kid }))).publicKeyHex
  })
}

/** The DID of an instance, and the DID URL under which its key is found. */
async function methodOf(
  opening: Opening,
  name: string,
  { did }: IssuerInstance,
  { didKey, publicKeyHex }: { didKey: string; publicKeyHex: string },
): Promise<Pick<OpenInstance, 'issuer' | 'verificationMethod'>> {
  if (did === 'ethr') return putOnChain(opening, name, publicKeyHex)
  const issuer = did === 'key' ? didKey : did
  return { issuer, verificationMethod: `${issuer}#${didKey.slice('did:key:'.length)}` }
}

/** A did:ethr of its own, which a key controls that signs nothing else. */
async function putOnChain(opening: Opening, name: string, publicKeyHex: string) {
  const { database, onChain } = opening
  const owner = { kid: `${keyName(name)} owner` }
  const address = addressOfKey(await publicKeyOf(opening, owner.kid, 'Secp256k1'))
  const issuer = ethrDid(onChain.chain.chainId, address)
  const publish = () => publishAssertionKey(onChain, { did: issuer, address, owner }, publicKeyHex)
  return { issuer, verificationMethod: (await database.alone('issuer keys', publish))! }
}

async function secure(
  kms: NodeKms,
  { name, securing, verificationMethod }: Pick<OpenInstance, 'name' | 'securing' | 'verificationMethod'>,
  credential: object,
  signedAt: number,
): Promise<Record<string, unknown>> {
  if (securing === 'vc+jwt') {
    const token = await signJws(
      kms,
      keyName(name),
      { alg: 'EdDSA', typ: securing, kid: verificationMethod },
      credential,
    )
    return { ...envelope(securing, token) }
  }
  const { proof: others, ...bare } = credential as { proof?: unknown }
  const request = { cryptosuite: securing, verificationMethod, proofPurpose: 'assertionMethod', now: signedAt } as const
  const secured = await addProof(bare, request, async (data) =>
    Buffer.from(await kms.sign({ keyRef: { kid: keyName(name) }, algorithm: 'EdDSA', data }), 'base64url'),
  )
  return others === undefined ? secured : { ...secured, proof: [others, secured.proof].flat() }
}
