import { checkStatusListCredential, decodeCompactJws, getBit } from '@consulate/core'
import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { refusalOf, send } from './system/http.ts'
import { type System, startSystem, type TestAgent, until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const JWT = { Accept: 'application/vc+jwt' }

interface Payload {
  validFrom: string
  validUntil: string
  credentialStatus: StatusEntry[]
  credentialSubject: object
}

interface StatusEntry {
  statusPurpose: string
  statusListIndex: string
  statusListCredential: string
}

describeOnEach('status lists over HTTP', (database) => {
  let system: System
  let agent: TestAgent
  let url: string

  before(async () => {
    system = await startSystem({ database })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('agent', ROLE)
    url = entryOf(agent, 'suspension').statusListCredential
  })

  after(() => system?.stop())

  it('are enveloped in JSON, or the bare token, as the Accept header prefers', async () => {
    const plain = await fetch(url)
    expect(plain.headers.get('content-type')).to.match(/^application\/json\b/)
    expect(plain.headers.get('vary')).to.equal('Accept')
    const enveloped = (await plain.json()) as { id: string; type: string }
    expect(enveloped.type).to.equal('EnvelopedVerifiableCredential')
    for (const accept of [
      'application/vc+jwt',
      'application/json;q=0.5, application/vc+jwt',
      'text/html, */vc+jwt;q=0, application/vc+jwt;q=0.1',
    ]) {
      const bare = await send(url, { headers: { Accept: accept } })
      expect(bare.contentType).to.match(/^application\/vc\+jwt\b/)
      expect(enveloped.id).to.equal(`data:application/vc+jwt,${bare.text}`)
    }
    const json = await send(url, { headers: { Accept: 'application/vc+jwt;q=0.5, application/json' } })
    expect(json.contentType).to.match(/^application\/json\b/)
  })

  it('are refused to who accepts neither', async () => {
    expect(refusalOf(await send(url, { headers: { Accept: 'text/html' } }))).to.equal('406 not_acceptable')
  })

  it('are not sent again to who has them, until something changes', async () => {
    const first = await fetch(url, { headers: JWT })
    expect(first.headers.get('cache-control')).to.equal('public, max-age=300')
    expect(payloadOf(await first.text()).credentialSubject).to.have.property('ttl', 300_000)
    const tag = first.headers.get('etag')!
    const ask = (headers: Record<string, string>) =>
      fetch(url, { headers: { ...JWT, 'If-None-Match': tag, ...headers } })
    const again = await ask({})
    expect([again.status, again.headers.get('etag'), await again.text()]).to.deep.equal([304, tag, ''])
    const other = await ask({ Accept: 'application/json' })
    expect(other.status).to.equal(200)
    expect(other.headers.get('etag')).not.to.equal(tag)
    await suspend(true)
    const changed = await ask({})
    expect(changed.status).to.equal(200)
    expect(changed.headers.get('etag')).not.to.equal(tag)
    await suspend(false)
  })

  it('are given as they were at a time in the past, and as valid until something changed', async () => {
    const history: { time: string; suspended: boolean }[] = []
    for (const suspended of [true, false, true, false]) {
      await suspend(suspended)
      const { validFrom } = payloadOf((await send(url, { headers: JWT })).text)
      history.push({ time: validFrom, suspended })
      await until(async () => Date.now() >= Date.parse(validFrom) + 1_000) // times are whole seconds
    }
    for (const [i, { time, suspended }] of history.entries()) {
      const { text } = await send(`${url}?timestamp=${encodeURIComponent(time)}`, { headers: JWT })
      expect(isSuspended(text, time), time).to.equal(suspended)
      const { validFrom, validUntil } = payloadOf(text)
      expect(validFrom).to.equal(time)
      const next = history[i + 1]
      if (next) expect(validUntil).to.equal(next.time)
      else expect(text).to.equal((await send(url, { headers: JWT })).text)
    }
    const { validFrom } = payloadOf((await send(url, { headers: JWT })).text)
    expect(validFrom).to.equal(history.at(-1)!.time)
  })

  it('are not to be had of the future, nor of a time before they were there, nor of no time', async () => {
    const refusal = async (timestamp: string) => {
      const answer = await send(`${url}?timestamp=${encodeURIComponent(timestamp)}`)
      expect(JSON.parse(answer.text).type).to.equal(
        'https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR',
      )
      return refusalOf(answer)
    }
    expect(await refusal('2999-01-01T00:00:00Z')).to.equal('400 status_unavailable')
    expect(await refusal('2000-01-01T00:00:00Z')).to.equal('404 status_list_not_found')
    for (const none of ['', 'yesterday', '1767225600', '2026-02-30T00:00:00Z'])
      expect(await refusal(none), none).to.equal('400 status_unavailable')
    const unknown = `${system.issuer.url}/status-lists/nothing?timestamp=2026-01-01T00:00:00Z`
    expect(refusalOf(await send(unknown))).to.equal('404 status_list_not_found')
  })

  it('take a suspension back, and never a revocation', async () => {
    const set = (statusPurpose: string, status: boolean) =>
      send(`${system.issuer.url}/credentials/status`, {
        method: 'POST',
        token: system.env.CONSULATE_ADMIN_TOKEN,
        body: {
          credentialId: agent.credential.id,
          credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
          status,
        },
      })
    const suspendedNow = async () => isSuspended((await send(url, { headers: JWT })).text)
    expect((await set('suspension', true)).status).to.equal(200)
    expect(await suspendedNow()).to.equal(true)
    expect((await set('suspension', false)).status).to.equal(200)
    expect(await suspendedNow()).to.equal(false)
    expect((await set('revocation', true)).status).to.equal(200)
    expect(refusalOf(await set('revocation', false))).to.equal('409 revocation_is_final')
  })

  async function suspend(suspended: boolean): Promise<void> {
    await system.clients.issuer.setStatus(agent.credential.id, 'suspension', suspended)
  }

  function isSuspended(token: string, time?: string): boolean {
    const now = Math.floor((time === undefined ? Date.now() : Date.parse(time)) / 1000)
    const expected = { url, issuer: system.issuer.did, purpose: 'suspension', now }
    return getBit(
      checkStatusListCredential(payloadOf(token), expected),
      Number(entryOf(agent, 'suspension').statusListIndex),
    )
  }
})

function entryOf({ credential }: TestAgent, purpose: string): StatusEntry {
  const { credentialStatus } = payloadOf(credential.verifiableCredential)
  return credentialStatus.find(({ statusPurpose }) => statusPurpose === purpose)!
}

function payloadOf(token: string): Payload {
  return decodeCompactJws(token, { maxBytes: 262_144 }).payload as unknown as Payload
}
