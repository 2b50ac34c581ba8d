import { encodeDidKey, envelope } from '@consulate/core'
import { addProof } from '@consulate/core/data-integrity'
import { type Database, lockName, type NodeKms, signJws } from '@consulate/server'
import type { OpenInstance } from '../instance-ports.ts'
import type { IssuerInstance, IssuerInstances } from '../instances.ts'

/** Every configured instance with its DID; a key is made for one that is new, and kept sealed. */
export async function openInstances(
  database: Database,
  kms: NodeKms,
  instances: IssuerInstances,
): Promise<ReadonlyMap<string, OpenInstance>> {
  const opened = new Map<string, OpenInstance>()
  for (const [name, instance] of Object.entries(instances))
    opened.set(name, openInstance(kms, name, instance, await publicKeyOf(database, kms, keyName(name))))
  return opened
}

function keyName(instance: string): string {
  return `instance ${instance}`
}

/** In hex. */
function publicKeyOf(database: Database, kms: NodeKms, kid: string): Promise<string> {
  return database.transaction(async (tx) => {
    await lockName(tx, kid)
    const known = (await kms.listKeys()).find((key) => key.kid === kid)
    return (known ?? (await kms.createKey({ type: 'Ed25519', kid }))).publicKeyHex
  })
}

function openInstance(kms: NodeKms, name: string, instance: IssuerInstance, publicKeyHex: string): OpenInstance {
  const didKey = encodeDidKey(Buffer.from(publicKeyHex, 'hex'))
  const publicKeyMultibase = didKey.slice('did:key:'.length)
  const issuer = instance.did === 'key' ? didKey : instance.did
  const verificationMethod = `${issuer}#${publicKeyMultibase}`
  return {
    ...instance,
    name,
    issuer,
    verificationMethod,
    publicKeyMultibase,
    secure: (credential, signedAt) => secure(kms, { name, verificationMethod, ...instance }, credential, signedAt),
  }
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
