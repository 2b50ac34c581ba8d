import { DELTA_TYPE, emptyBitstring, HEARTBEAT_TYPE, hashHead, withBit } from '@consulate/core'
import { formatEvent, listen } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { forge, newSigner } from './system/forge.ts'
import { hostileIssuer } from './system/hostile-issuer.ts'
import { type System, startSystem, until } from './system/start-system.ts'
import { followThrough, forgetful } from './system/tampering.ts'

const ROLE = 'payments.approver'

describe('a verifier that follows a hostile issuer', () => {
  let system: System

  before(async () => {
    system = await startSystem()
  })
  after(() => system?.stop())

  it('accepts what such an issuer signs as long as it contradicts nothing', async () => {
    const issuer = await hostileIssuer(system)
    const follower = followThrough(system, issuer.answer)
    await follower.round()
    const [url] = listFor(issuer, 'revocation')
    change(issuer, url, (bits) => withBit(bits, 7, true))
    const { head } = await issuer.publish()
    await follower.round()
    expect(follower.status()).to.deep.include({ head, distrust: undefined })
    expect(follower.status()!.lists.get(url)!.bits[0]).to.equal(1)
  })

  it('refuses to have a list taken back, or turned into one for another purpose, also after a restart', async () => {
    for (const takeBack of [
      (issuer: Hostile, url: string) => issuer.lists.delete(url),
      (issuer: Hostile, url: string) =>
        issuer.lists.set(url, { ...issuer.lists.get(url)!, purpose: 'suspension', version: 3 }),
      (issuer: Hostile, url: string) =>
        issuer.lists.set(url, { purpose: 'suspension', version: 3, bits: emptyBitstring() }),
      (issuer: Hostile, url: string) => issuer.lists.set(url, { ...issuer.lists.get(url)!, version: 0 }),
    ]) {
      const issuer = await hostileIssuer(system)
      const memory = forgetful()
      const follower = followThrough(system, issuer.answer, memory)
      const [url] = listFor(issuer, 'revocation')
      change(issuer, url, (bits) => withBit(bits, 7, true))
      await issuer.publish()
      await follower.round()
      takeBack(issuer, url)
      await issuer.publish()
      expect(await codeOf(follower.round())).to.equal('status_rollback')
      expect(follower.status()!.distrust).to.have.property('code', 'status_rollback')
      expect(follower.status()!.lists.get(url)!.bits[0]).to.equal(1)
      expect(await codeOf(followThrough(system, issuer.answer, memory).round())).to.equal('status_rollback')
    }
  })

  it('convicts an issuer of two heads that exclude each other, and keeps both: back to the truth is not enough, nor is a restart', async () => {
    for (const fork of [
      ({ head }: Hostile) => ({ version: head.version, prev: head.prev, validUntil: 4_000_000_000 }),
      () => ({ prev: `0x${'ab'.repeat(32)}` as const }),
      ({ head }: Hostile) => ({ version: head.version + 2, prev: head.prev }),
    ]) {
      const issuer = await hostileIssuer(system)
      const memory = forgetful()
      await issuer.publish()
      const known = await issuer.publish()
      const follower = followThrough(system, issuer.answer, memory)
      await follower.round()
      const other = await issuer.publish(fork(issuer))
      expect(await codeOf(follower.round())).to.equal('issuer_equivocated')
      expect(memory.convictions.get(system.issuer.did)).to.deep.equal({ epoch: 0, heads: [known, other] })

      issuer.head = known.head
      await issuer.publish()
      expect(await codeOf(follower.round())).to.equal('issuer_equivocated')
      expect(follower.status()!.distrust).to.have.property('code', 'issuer_equivocated')
      const restarted = followThrough(system, issuer.answer, memory)
      expect(await codeOf(restarted.round())).to.equal('issuer_equivocated')
      expect(restarted.status()!.distrust).to.have.property('code', 'issuer_equivocated')
    }
  })

  it('refuses a head whose predecessors are not shown, as when every other one is shown to somebody else', async () => {
    const issuer = await hostileIssuer(system)
    const follower = followThrough(system, issuer.answer)
    await issuer.publish()
    await follower.round()
    const hidden = await issuer.publish()
    await issuer.publish()
    const kept = issuer.signed
    issuer.signed = kept.filter((signed) => signed !== hidden)
    expect(await codeOf(follower.round())).to.equal('head_malformed')
    issuer.signed = kept
    await follower.round()
    expect(follower.status()!.head).to.deep.equal(issuer.head)
  })

  it('convicts an issuer whose newest head comes from another past than the one it showed', async () => {
    const issuer = await hostileIssuer(system)
    const memory = forgetful()
    const follower = followThrough(system, issuer.answer, memory)
    const before = await issuer.publish()
    const known = await issuer.publish()
    await follower.round()
    issuer.head = before.head
    issuer.signed = [before]
    await issuer.publish({ validUntil: 4_000_000_000 })
    const fork = await issuer.publish()
    await issuer.publish()
    expect(await codeOf(follower.round())).to.equal('issuer_equivocated')
    expect(memory.convictions.get(system.issuer.did)!.heads).to.deep.equal([known, fork])
  })

  it('believes no head that only passes by against the issuer unless it is signed', async () => {
    const issuer = await hostileIssuer(system)
    const memory = forgetful()
    const follower = followThrough(system, issuer.answer, memory)
    await issuer.publish()
    await follower.round()
    const between = await issuer.publish()
    await issuer.publish()
    const forged = { ...between, head: { ...between.head, prev: `0x${'ab'.repeat(32)}` as const } }
    issuer.signed = issuer.signed.map((signed) => (signed === between ? forged : signed))
    expect(await codeOf(follower.round())).to.equal('head_signer_not_authorized')
    expect(memory.convictions.size).to.equal(0)
  })

  it('refuses what a delta has revoked though its head is no good, also after a restart', async () => {
    const issuer = await hostileIssuer(system)
    const memory = forgetful()
    const follower = followThrough(system, issuer.answer, memory)
    await issuer.publish()
    await follower.round()
    const [list, { version: listVersion }] = listFor(issuer, 'revocation')
    const { epoch, version } = issuer.head
    const delta = issuer.state(DELTA_TYPE, {
      epoch,
      version: version + 1,
      list,
      listVersion: listVersion + 1,
      set: [7],
    })
    const { head, signer, signature } = await issuer.publish({}, stranger())
    issuer.pushes = formatEvent('head', JSON.stringify({ head, signer, signature, entries: [], deltas: [delta] }))
    expect(await codeOf(follower.listen(AbortSignal.timeout(5_000)))).to.equal('head_signer_not_authorized')
    expect([...follower.status()!.revoked.get(list)!]).to.deep.equal([7])
    issuer.head = { ...head, version: version - 1 }
    const restarted = followThrough(system, issuer.answer, memory)
    await restarted.round().catch(() => undefined)
    await issuer.publish({ version, prev: issuer.signed.at(-2)!.head.prev })
    expect(JSON.parse((await memory.load(system.issuer.did))!).revoked).to.deep.equal({ [list]: [7] })
  })

  it('takes no delta of somebody else, nor one about a list that is elsewhere or for another purpose', async () => {
    const issuer = await hostileIssuer(system)
    const follower = followThrough(system, issuer.answer)
    await issuer.publish()
    await follower.round()
    const { signature, signer } = issuer.signed.at(-1)!
    const { epoch, version } = issuer.head
    const push = async (deltas: string[]) => {
      const head = { ...issuer.head, version: version + 1 }
      issuer.pushes = formatEvent('head', JSON.stringify({ head, signature, signer, entries: [], deltas }))
      await follower.listen(AbortSignal.timeout(5_000)).catch(() => undefined)
      return follower.status()!.revoked.size
    }
    const claims = { epoch, version: version + 1, listVersion: 2, set: [7] }
    const [list] = listFor(issuer, 'revocation')
    const [suspension] = listFor(issuer, 'suspension')
    const other = newSigner()
    expect(await push([forge(other, DELTA_TYPE, { iss: system.issuer.did, ...claims, list })])).to.equal(0)
    expect(await push([issuer.state(DELTA_TYPE, { ...claims, list: 'https://elsewhere.example/r' })])).to.equal(0)
    expect(await push([issuer.state(DELTA_TYPE, { ...claims, list: suspension })])).to.equal(0)
    expect(await push([issuer.state(DELTA_TYPE, { ...claims, list })])).to.equal(1)
  })

  it('takes nothing for a step back that was asked for before something newer was pushed', async () => {
    const issuer = await hostileIssuer(system)
    let meanwhile: (() => Promise<void>) | undefined
    const follower = followThrough(system, async (url, real) => {
      const answer = await issuer.answer(url, real)
      if (url.endsWith('/status/head')) await meanwhile?.()
      return answer
    })
    await issuer.publish()
    await follower.round()
    meanwhile = async () => {
      meanwhile = undefined
      const { head, signature, signer } = await issuer.publish()
      issuer.pushes = formatEvent('head', JSON.stringify({ head, signature, signer, entries: [], deltas: [] }))
      await follower.listen(AbortSignal.timeout(5_000))
    }
    await follower.round()
    expect(follower.status()).to.deep.include({ head: issuer.head, distrust: undefined })
  })

  it('grows older by both clocks, whatever heartbeats it is sent', async () => {
    const issuer = await hostileIssuer(system)
    let skew = 0
    let slept = 0
    const follower = followThrough(system, issuer.answer, forgetful(), {
      nowMs: () => Date.now() + skew,
      monotonicMs: () => performance.now() + slept,
    })
    await issuer.publish()
    await follower.round()
    const { epoch, version } = issuer.head
    const beat = (readAt: number) => {
      const claims = { epoch, version, head: hashHead(issuer.head), readAt }
      issuer.pushes = formatEvent('heartbeat', JSON.stringify(issuer.state(HEARTBEAT_TYPE, claims)))
      return codeOf(follower.listen(AbortSignal.timeout(5_000)))
    }
    expect(await beat(Date.now())).to.equal('accepted')
    expect(follower.status()!.ageMs).to.be.below(2_000)
    expect(await beat(Date.now() + 60_000)).to.equal('heartbeat_ahead')
    skew = 30_000
    expect(follower.status()!.ageMs).to.be.within(30_000, 35_000)
    skew = 0
    slept = 30_000
    expect(follower.status()!.ageMs).to.be.within(30_000, 35_000)
    expect(await beat(Date.now() - 20_000)).to.equal('accepted')
    expect(follower.status()!.ageMs).to.be.at.least(20_000)
  })

  it('goes on learning of revocations from an issuer that it convicted', async () => {
    const issuer = await hostileIssuer(system)
    const follower = followThrough(system, issuer.answer)
    const known = await issuer.publish()
    await follower.round()
    await issuer.publish({ version: known.head.version, prev: known.head.prev, validUntil: 4_000_000_000 })
    expect(await codeOf(follower.round())).to.equal('issuer_equivocated')
    issuer.head = known.head
    const [url] = listFor(issuer, 'revocation')
    change(issuer, url, (bits) => withBit(bits, 7, true))
    await issuer.publish()
    expect(await codeOf(follower.round())).to.equal('issuer_equivocated')
    expect(follower.status()!.lists.get(url)!.bits[0]).to.equal(1)
  })

  it('convicts nobody for a head that no delegate has signed', async () => {
    const issuer = await hostileIssuer(system)
    const memory = forgetful()
    const follower = followThrough(system, issuer.answer, memory)
    const known = await issuer.publish()
    await follower.round()
    await issuer.publish({ version: known.head.version, prev: known.head.prev, validUntil: 4_000_000_000 }, stranger())
    expect(await codeOf(follower.round())).to.equal('head_signer_not_authorized')
    expect(memory.convictions.size).to.equal(0)
    issuer.head = known.head
    await issuer.publish()
    await follower.round()
    expect(follower.status()!.distrust).to.equal(undefined)
  })

  it('stays convicted when the verifier restarts or is told again to trust it, until an administrator trusts it anew', async () => {
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const agent = await system.agentWith('of a hostile issuer', ROLE)
    const issuer = await hostileIssuer(system)
    const between = await listen('127.0.0.1', 0)
    let lies = false
    let asked = 0
    between.serve(async (request, response) => {
      asked += 1
      const real = () => fetch(`${system.issuer.url}${request.url}`)
      const answer = await (lies ? issuer.answer(request.url!, real) : real())
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    const admin = system.clients.verifierAdmin
    const trust = () => admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${between.url}/status` })
    const outcome = () =>
      system.present(agent).then(
        () => 'allowed',
        (error) => error.code as string,
      )
    await trust()
    await until(async () => (await outcome()) === 'allowed')

    await issuer.publish({ version: issuer.head.version, prev: issuer.head.prev, validUntil: 4_000_000_000 })
    lies = true
    await until(async () => (await outcome()) === 'issuer_equivocated')
    lies = false
    const before = asked
    await until(async () => asked > before + 2)
    expect(await outcome()).to.equal('issuer_equivocated')

    await system.verifier.stop()
    Object.assign(system.verifier, await startVerifier(verifierConfig(samePort(system))))
    await until(async () => (await admin.trusted(system.issuer.did)).status !== null)
    expect(await outcome()).to.equal('issuer_equivocated')
    await trust()
    expect(await outcome()).to.equal('issuer_equivocated')

    await admin.distrust(system.issuer.did)
    await trust()
    await until(async () => (await outcome()) === 'allowed')
    await between.close()
  })

  it('has a verifier fetch lists nowhere but at the issuer’s own address', async () => {
    const { host, hostname, port } = new URL(system.issuer.url)
    const other = await listen('127.0.0.1', 0)
    let asked = 0
    other.serve((_request, response) => {
      asked += 1
      response.end()
    })
    for (const elsewhere of [
      `${other.url}/status-lists/x`,
      `http://${host}@${hostname}:${other.port}/status-lists/x`,
      `http://localhost:${port}/status-lists/x`,
      `https://${host}/status-lists/x`,
      'http://169.254.169.254/latest/meta-data',
      'file:///etc/passwd',
      '/status-lists/x',
    ]) {
      const issuer = await hostileIssuer(system)
      issuer.lists.set(elsewhere, { purpose: 'revocation', version: 1, bits: emptyBitstring() })
      await issuer.publish()
      const urls: string[] = []
      const follower = followThrough(system, (url, real) => {
        urls.push(url)
        return issuer.answer(url, real)
      })
      expect(await codeOf(follower.round()), elsewhere).to.equal('head_malformed')
      expect(urls, elsewhere).to.not.include(elsewhere)
    }
    expect(asked).to.equal(0)
    await other.close()
  })

  it('refuses more lists than it keeps of one issuer, before it fetches any', async () => {
    const issuer = await hostileIssuer(system)
    for (let i = issuer.lists.size; i <= 256; i++) addList(issuer, 16_384)
    await issuer.publish()
    const follower = followThrough(system, issuer.answer)
    expect(await codeOf(follower.round())).to.equal('status_too_large')
    expect(issuer.fetched).to.equal(0)
    issuer.lists.delete([...issuer.lists.keys()].at(-1)!)
    await issuer.publish()
    await follower.round()
    expect(follower.status()!.lists.size).to.equal(256)
  })

  it('refuses more bytes than it keeps of one issuer, and fetches no further', async () => {
    const issuer = await hostileIssuer(system)
    for (let i = 0; i < 40; i++) addList(issuer, 1_048_576)
    await issuer.publish()
    const follower = followThrough(system, issuer.answer)
    expect(await codeOf(follower.round())).to.equal('status_too_large')
    expect(issuer.fetched).to.be.below(20)
    expect(follower.status()).to.equal(undefined)
  })

  it('counts the lists that it knows already against what it keeps', async () => {
    const issuer = await hostileIssuer(system)
    const limits = { lists: 10, bytes: 100_000 }
    const follower = followThrough(system, issuer.answer, forgetful(), { limits })
    await follower.round()
    addList(issuer, 60_000)
    await issuer.publish()
    await follower.round()
    addList(issuer, 16_384)
    await issuer.publish()
    expect(await codeOf(follower.round())).to.equal('status_too_large')
    expect(follower.status()!.lists.size).to.equal(3)
  })
})

const samePort = ({ env, verifier }: System) => ({ ...env, CONSULATE_VERIFIER_PORT: String(verifier.port) })
const stranger = () => privateKeyToAccount(generatePrivateKey())

type Hostile = Awaited<ReturnType<typeof hostileIssuer>>

function listFor({ lists }: Hostile, purpose: string) {
  return [...lists].find(([, list]) => list.purpose === purpose)!
}

function addList({ lists }: Hostile, bytes: number): void {
  const [first] = lists.keys()
  lists.set(`${first}-${lists.size}`, { purpose: 'revocation', version: 1, bits: new Uint8Array(bytes) })
}

function change({ lists }: Hostile, url: string, by: (bits: Uint8Array) => Uint8Array): void {
  const list = lists.get(url)!
  lists.set(url, { ...list, version: list.version + 1, bits: by(list.bits) })
}

async function codeOf(round: Promise<void>): Promise<string> {
  return round.then(
    () => 'accepted',
    (error) => error.code,
  )
}
