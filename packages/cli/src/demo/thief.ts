import { generateKeyPairSync, sign } from 'node:crypto'
import { buildPresentation, encodeDidKey } from '@consulate/core'
import type { Services } from '../services/find-services.ts'
import { type DemoAgent, DOMAIN } from './cast.ts'
import { type Refusal, refusalOf } from './present-role.ts'

export interface Theft {
  attempt: 'as_itself' | 'as_the_agent' | 'in_the_name_of_the_agents_key'
  refusal: Refusal
}

/** Somebody who copied an agent's credential but has a key of its own tries every way to use it. */
export async function tryStolenCredential(services: Services, victim: DemoAgent): Promise<Theft[]> {
  const verifier = services.verifier()
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const thief = encodeDidKey(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
  const attempts = [
    { attempt: 'as_itself', holder: thief, signer: thief },
    { attempt: 'as_the_agent', holder: victim.did, signer: thief },
    { attempt: 'in_the_name_of_the_agents_key', holder: victim.did, signer: victim.did },
  ] as const
  const thefts: Theft[] = []
  for (const { attempt, holder, signer } of attempts) {
    const { challenge } = await verifier.challenge(DOMAIN)
    const credentials = [victim.credential.verifiableCredential]
    const now = Math.floor(Date.now() / 1000)
    const payload = buildPresentation({ holder, credentials, domain: DOMAIN, challenge, now })
    const header = { alg: 'EdDSA', typ: 'vp+jwt', kid: `${signer}#${signer.slice('did:key:'.length)}` }
    const signingInput = [header, payload].map(encode).join('.')
    const presentation = `${signingInput}.${sign(null, Buffer.from(signingInput), privateKey).toString('base64url')}`
    const verify = async () => (await verifier.verifyPresentation(presentation, { domain: DOMAIN, challenge })).verified
    thefts.push({ attempt, refusal: await refusalOf(verify) })
  }
  return thefts
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
