import {
  bitstringDigest,
  buildStatusListCredential,
  decodeBitstring,
  encodeBitstring,
  type Head,
  type Hex,
  hashHead,
  headDigest,
  headRoot,
} from '@consulate/core'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { forge, payloadOf } from './forge.ts'
import { openSealedKeys } from './sealed-keys.ts'
import type { System } from './start-system.ts'
import { type Answer, json } from './tampering.ts'

interface List {
  purpose: string
  version: number
  bits: Uint8Array
}

/** The system's issuer gone bad: it holds the keys, begins with the honest head and lists, and signs whatever it likes. */
export interface HostileIssuer {
  /** By URL; what the next head will name. */
  lists: Map<string, List>
  head: Head
  /** What it answers to those who ask for its status. */
  answer: Answer
  /** How many lists were fetched. */
  fetched: number
  /** What it has signed so far, and shows to those who ask what lies between two heads. */
  signed: { head: Head; signer: Hex; signature: Hex }[]
  /** A compact JWS of the key that signs its credentials. */
  state(typ: string, claims: object): string
  /** What it pushes to whom follows: the text of events, and the end of the connection. */
  pushes: string
  /** Signs and shows the next head over the lists as they are, or another one; `by` somebody who is no delegate. */
  publish(change?: Partial<Head>, by?: PrivateKeyAccount): Promise<{ head: Head; signer: Hex; signature: Hex }>
}

export async function hostileIssuer(system: System): Promise<HostileIssuer> {
  const keys = openSealedKeys(system.env, 'ISSUER')
  const honest = (await (await fetch(`${system.issuer.url}/status/head`)).json()) as Published
  const account = keys
    .filter(({ privateKey }) => privateKey.asymmetricKeyType === 'ec')
    .map(({ privateKey }) => privateKeyToAccount(hexOf(privateKey.export({ format: 'jwk' }).d!)))
    .find(({ address }) => address.toLowerCase() === honest.signer)!
  const signingKey = keys.find(({ privateKey }) => privateKey.asymmetricKeyType === 'ed25519')!.privateKey
  const { chainId, statusRegistry: verifyingContract } = system.chain
  let kid = ''
  let published: unknown = honest

  const lists = new Map<string, List>()
  for (const { name, purpose, version } of honest.entries) {
    const response = await fetch(name, { headers: { Accept: 'application/vc+jwt' } })
    const token = await response.text()
    kid = JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid
    const { encodedList } = payloadOf(token).credentialSubject as { encodedList: string }
    lists.set(name, { purpose, version, bits: decodeBitstring(encodedList) })
  }

  const entries = () =>
    [...lists].map(([name, { purpose, version, bits }]) => ({ name, purpose, version, digest: bitstringDigest(bits) }))

  const signList = (url: string, { purpose, bits }: List) => {
    const now = Math.floor(Date.now() / 1000)
    const about = { url, issuer: system.issuer.did, purpose, encodedList: encodeBitstring(bits) }
    const period = { validFrom: now, validUntil: now + 3_600, ttlMs: 300_000 }
    return forge({ kid, privateKey: signingKey }, 'vc+jwt', buildStatusListCredential({ ...about, ...period }))
  }

  const hostile: HostileIssuer = {
    lists,
    head: honest.head,
    fetched: 0,
    signed: [],
    pushes: '',
    state: (typ, claims) => forge({ kid, privateKey: signingKey }, typ, { iss: system.issuer.did, ...claims }),
    async answer(url, real) {
      if (url.endsWith('/status/head')) return json(published)
      if (url.includes('/status/heads?')) return json({ items: hostile.signed.filter(isAfter(url)) })
      if (url.endsWith('/status/events')) return new Response(hostile.pushes)
      const list = lists.get(url)
      if (!list) return real()
      hostile.fetched += 1
      return new Response(signList(url, list))
    },
    async publish(change = {}, by = account) {
      const { head: before } = hostile
      const now = Math.floor(Date.now() / 1000)
      const root = headRoot(entries())
      const times = { issuedAt: Math.max(now, before.issuedAt), validUntil: now + 86_400 }
      const head = { ...before, version: before.version + 1, prev: hashHead(before), root, ...times, ...change }
      const signature = await by.sign({ hash: headDigest(head, { chainId, verifyingContract }) })
      const shown = entries().map(({ digest: sha256, ...entry }) => ({ ...entry, sha256 }))
      const signer = by.address.toLowerCase() as Hex
      published = { head, signature, signer, entries: shown }
      hostile.head = head
      const signed = { head, signer, signature }
      hostile.signed.push(signed)
      return signed
    },
  }
  return hostile
}

interface Published {
  head: Head
  signer: Hex
  entries: { name: string; purpose: string; version: number }[]
}

function isAfter(url: string) {
  const version = Number(new URL(url).searchParams.get('after')!.split('.')[1])
  return ({ head }: { head: Head }) => head.version > version
}

function hexOf(base64url: string): Hex {
  return `0x${Buffer.from(base64url, 'base64url').toString('hex')}`
}
