import { createHash, verify } from 'node:crypto'
import {
  canonicalDid,
  checkHeader,
  decodeCompactJws,
  openRoleCredential,
  parseDateTime,
  resolveDidKey,
  verifySignature,
} from '@consulate/core'
import { presentationSchema } from '../../packages/core/src/presentation/presentation.ts'
import { measure } from './measure.ts'
import { createRole, present } from './verify/content.ts'
import { createOurs } from './verify/ours.ts'
import { createParty } from './verify/party.ts'

const issuer = createParty(),
  holder = createParty()
const ours = createOurs(issuer.did)
const issue = () => issuer.signJws('vc+jwt', createRole(issuer, holder))
const hm = [...resolveDidKey(holder.did).verificationMethods.values()][0]!
const im = [...resolveDidKey(issuer.did).verificationMethods.values()][0]!
const hk = hm.publicKey,
  ik = im.publicKey
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
const r = await measure(
  {
    rawVp: on((_c, p) => {
      const [a, b] = split(p)
      return () => verify(null, a, hk, b)
    }),
    both: on((c, p) => {
      const [a, b] = split(p),
        [x, y] = split(c)
      return () => {
        verify(null, x, ik, y)
        verify(null, a, hk, b)
      }
    }),
    bothSig: on((c, p) => {
      const [a, b] = split(p),
        [x, y] = split(c)
      return () => {
        verifySignature(im, 'EdDSA', x, y)
        verifySignature(hm, 'EdDSA', a, b)
      }
    }),
    openBoth: on((c, p) => {
      return () => {
        presentationSchema.safeParse(decodeCompactJws(p, { maxBytes: 1e6 }).payload)
        openRoleCredential(c)
      }
    }),
    openVerify: on((c, p) => {
      return () => {
        const P = decodeCompactJws(p, { maxBytes: 1e6 })
        presentationSchema.safeParse(P.payload)
        const C = openRoleCredential(c)
        verifySignature(im, 'EdDSA', C.signingInput, C.signature)
        verifySignature(hm, 'EdDSA', P.signingInput, P.signature)
      }
    }),
    cold: {
      perRound: 20,
      prepare: () => {
        const p = present(issue(), holder)
        ours.give(p.demand.challenge)
        return () => ours.verify(p)
      },
    },
  },
  200,
)
for (const [k, v] of Object.entries(r)) console.log(k.padEnd(10), v.toFixed(1), (v / r.rawVp).toFixed(3))
