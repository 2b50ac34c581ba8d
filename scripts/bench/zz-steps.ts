import { createHash, verify } from 'node:crypto'
import {
  canonicalDid,
  checkHeader,
  decodeCompactJws,
  openRoleCredential,
  parseDateTime,
  parseStrictJson,
  resolveDidKey,
} from '@consulate/core'
import { roleCredentialSchema } from '../../packages/core/src/credential/role-credential.ts'
import { presentationSchema } from '../../packages/core/src/presentation/presentation.ts'
import { measure } from './measure.ts'
import { createRole, present } from './verify/content.ts'
import { createOurs } from './verify/ours.ts'
import { createParty } from './verify/party.ts'

const issuer = createParty(),
  holder = createParty()
const ours = createOurs(issuer.did)
const issue = () => issuer.signJws('vc+jwt', createRole(issuer, holder))
const hk = [...resolveDidKey(holder.did).verificationMethods.values()][0]!.publicKey
const ik = [...resolveDidKey(issuer.did).verificationMethods.values()][0]!.publicKey
const split = (t: string) => {
  const e = t.lastIndexOf('.')
  return [Buffer.from(t.slice(0, e)), Buffer.from(t.slice(e + 1), 'base64url')] as const
}
const on = (f: (c: string, p: string) => () => unknown) => ({
  perRound: 20,
  prepare: () => {
    const c = issue()
    return f(c, present(c, holder).presentation)
  },
})
const payload = (t: string) => Buffer.from(t.split('.')[1]!, 'base64url')
const r = await measure(
  {
    rawVp: on((_c, p) => {
      const [a, b] = split(p)
      return () => verify(null, a, hk, b)
    }),
    rawVc: on((c) => {
      const [a, b] = split(c)
      return () => verify(null, a, ik, b)
    }),
    cold: {
      perRound: 20,
      prepare: () => {
        const p = present(issue(), holder)
        ours.give(p.demand.challenge)
        return () => ours.verify(p)
      },
    },
    decodeVp: on((_c, p) => () => decodeCompactJws(p, { maxBytes: 1e6 })),
    decodeVc: on((c) => () => decodeCompactJws(c, { maxBytes: 1e6 })),
    b64Vp: on((_c, p) => {
      const x = p.split('.')[1]!
      return () => Buffer.from(x, 'base64url').toString('base64url') === x
    }),
    b64Vc: on((c, p) => {
      const x = c.split('.')[1]!
      return () => Buffer.from(x, 'base64url').toString('base64url') === x
    }),
    strictVp: on((_c, p) => {
      const x = payload(p)
      return () => parseStrictJson(x)
    }),
    strictVc: on((c) => {
      const x = payload(c)
      return () => parseStrictJson(x)
    }),
    jsonVp: on((_c, p) => {
      const x = payload(p).toString()
      return () => JSON.parse(x)
    }),
    jsonVc: on((c) => {
      const x = payload(c).toString()
      return () => JSON.parse(x)
    }),
    zodVp: on((_c, p) => {
      const x = JSON.parse(payload(p).toString())
      return () => presentationSchema.safeParse(x)
    }),
    zodVc: on((c) => {
      const x = JSON.parse(payload(c).toString())
      return () => roleCredentialSchema.safeParse(x)
    }),
    openVc: on((c) => () => openRoleCredential(c)),
    sha: on((c) => () => createHash('sha256').update(c).digest('base64')),
    date: on((c) => {
      return () => parseDateTime('2026-01-31T12:00:00Z')
    }),
    did: on((c) => {
      return () => canonicalDid(holder.did)
    }),
  },
  100,
)
for (const [k, v] of Object.entries(r)) console.log(k.padEnd(10), v.toFixed(1), (v / r.rawVp).toFixed(3))
