import { emptyBitstring, withBit } from '@consulate/core'
import { listen } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
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
