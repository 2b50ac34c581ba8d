import { bitstringDigest, DELTA_TYPE, HEARTBEAT_TYPE, type Head, hashHead, withBit } from '@consulate/core'
import { formatEvent } from '@consulate/server'
import { expect } from 'chai'
import { hostileIssuer } from './system/hostile-issuer.ts'
import { type System, startSystem, until } from './system/start-system.ts'
import { followThrough, forgetful, json } from './system/tampering.ts'

const ROLE = 'payments.approver'

describe('heads that are pushed late', () => {
  let system: System

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })
  after(() => system?.stop())

  it('are no step back when the chain has a newer one by then, and say nothing of how things stand now', async () => {
    const issuer = await hostileIssuer(system)
    let pushes = ''
    let isSilent = false
    const lists = new Map<string, Response>()
    const follower = followThrough(system, async (url, real) => {
      if (url.endsWith('/status/events')) return new Response(pushes)
      if (isSilent && url.endsWith('/status/head')) return json({})
      return lists.get(url)?.clone() ?? real()
    })
    await follower.round()
    await revokeSomebody()
    const late = (await (await fetch(`${system.issuer.url}/status/head`)).json()) as Late
    for (const { name } of late.entries)
      lists.set(name, await fetch(name, { headers: { Accept: 'application/vc+jwt' } }))
    const credential = await revokeSomebody()
    await until(async () => (await system.clients.issuer.credential(credential)).lastChange?.anchor.state === 'final')
    isSilent = true
    expect(await codeOf(follower.round())).to.equal('head_malformed')

    pushes = formatEvent('snapshot', JSON.stringify({ ...late, anchor: undefined, heartbeat: undefined }))
    await follower.listen(AbortSignal.timeout(5_000))
    expect(follower.status()).to.deep.include({ head: late.head, distrust: undefined })

    const { epoch, version } = late.head
    const beat = (readAt: number) => {
      const claims = { epoch, version, head: hashHead(late.head), readAt }
      pushes = formatEvent('heartbeat', JSON.stringify(issuer.state(HEARTBEAT_TYPE, claims)))
      return follower.listen(AbortSignal.timeout(5_000))
    }
    await beat(Date.now() + 1_000)
    expect(follower.isPushed()).to.equal(false)
    await beat(late.head.issuedAt * 1_000)
    expect(follower.isPushed()).to.equal(true)
  })

  it('are taken as one when many wait, each linked to the one before', async () => {
    const issuer = await hostileIssuer(system)
    const memory = forgetful()
    const saved: number[] = []
    const save: typeof memory.save = (did, snapshot, head) => {
      saved.push(head.version)
      return memory.save(did, snapshot, head)
    }
    const follower = followThrough(system, issuer.answer, { ...memory, save })
    await issuer.publish()
    await follower.round()
    const [url, list] = [...issuer.lists].find(([, { purpose }]) => purpose === 'revocation')!
    const events: string[] = []
    for (const index of [11, 12, 13, 14]) {
      list.bits = withBit(list.bits, index, true)
      list.version += 1
      const { head, signer, signature } = await issuer.publish()
      const entry = { name: url, purpose: list.purpose, version: list.version, sha256: bitstringDigest(list.bits) }
      const { epoch, version } = head
      const delta = issuer.state(DELTA_TYPE, { epoch, version, list: url, listVersion: list.version, set: [index] })
      events.push(formatEvent('head', JSON.stringify({ head, signer, signature, entries: [entry], deltas: [delta] })))
    }
    const fetched = issuer.fetched
    saved.length = 0
    issuer.pushes = events.join('')
    await follower.listen(AbortSignal.timeout(5_000))
    expect(follower.status()).to.deep.include({ head: issuer.head, distrust: undefined })
    expect(follower.status()!.lists.get(url)!.bits).to.deep.equal(list.bits)
    expect(issuer.fetched).to.equal(fetched)
    expect(saved).to.deep.equal([issuer.head.version])
  })

  it('convict an issuer that has signed another one among those that wait', async () => {
    const issuer = await hostileIssuer(system)
    const follower = followThrough(system, issuer.answer)
    await issuer.publish()
    await follower.round()
    const one = await issuer.publish()
    const other = await issuer.publish({ version: one.head.version, prev: one.head.prev, validUntil: 4_000_000_000 })
    const last = await issuer.publish()
    issuer.pushes = [one, other, last]
      .map((signed) => formatEvent('head', JSON.stringify({ ...signed, entries: [], deltas: [] })))
      .join('')
    expect(await codeOf(follower.listen(AbortSignal.timeout(5_000)))).to.equal('issuer_equivocated')
    expect(follower.status()!.distrust).to.have.property('code', 'issuer_equivocated')
  })

  async function revokeSomebody(): Promise<string> {
    const agent = await system.agentWith(`somebody ${performance.now()}`, ROLE)
    await system.clients.issuer.revokeRole(agent.did, ROLE)
    return agent.credential.id
  }
})

interface Late {
  head: Head
  entries: { name: string }[]
}

function codeOf(work: Promise<void>): Promise<string> {
  return work.then(
    () => 'accepted',
    (error) => error.code,
  )
}
