import { emptyBitstring, withBit } from '@consulate/core'
import { listen } from '@consulate/server'
import { expect } from 'chai'
import { hostileIssuer } from './system/hostile-issuer.ts'
import { type System, startSystem } from './system/start-system.ts'
import { followThrough, forgetful } from './system/tampering.ts'

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
