import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { createRole, present } from './verify/content.ts'
import { createOurs } from './verify/ours.ts'
import { createParty } from './verify/party.ts'

const issuer = createParty(),
  holder = createParty(),
  ours = createOurs(issuer.did)
const N = 6000
const known = issuer.signJws('vc+jwt', createRole(issuer, holder))
const warm = process.argv[2] === 'warm'
const ops = Array.from({ length: N }, () =>
  present(warm ? known : issuer.signJws('vc+jwt', createRole(issuer, holder)), holder),
)
for (const o of ops) ours.give(o.demand.challenge)
const W = 2000
for (const o of ops.slice(0, W)) await ours.verify(o)
const s = new Session()
s.connect()
await s.post('Profiler.enable')
await s.post('Profiler.setSamplingInterval', { interval: 100 })
await s.post('Profiler.start')
const t = performance.now()
for (const o of ops.slice(W)) await ours.verify(o)
console.log(((performance.now() - t) * 1000) / (N - W), 'us')
const { profile } = await s.post('Profiler.stop')
writeFileSync('/tmp/p.cpuprofile', JSON.stringify(profile))
