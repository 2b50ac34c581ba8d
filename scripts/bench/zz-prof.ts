import { createRole, present } from './verify/content.ts'
import { createOurs } from './verify/ours.ts'
import { createParty } from './verify/party.ts'
const issuer = createParty(), holder = createParty(), ours = createOurs(issuer.did)
const N = 6000
const known = issuer.signJws('vc+jwt', createRole(issuer, holder))
const warm = process.argv[2] === 'warm'
const ops = Array.from({length:N}, () => present(warm ? known : issuer.signJws('vc+jwt', createRole(issuer, holder)), holder))
for (const o of ops) ours.give(o.demand.challenge)
console.log(ops[0].presentation.length, ops[0].credential.length)
const t=performance.now()
for (const o of ops) await ours.verify(o)
console.log((performance.now()-t)*1000/N,'us')
