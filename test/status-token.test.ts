import { join } from 'node:path'
import { administratorsClient, verifierAdminClient } from '@consulate/sdk'
import { listen, type RunningService } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { openStatusStream } from '../packages/issuer/src/adapters/status-stream.ts'
import { freePort } from './system/free-port.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

describe('the token that an issuer knows a verifier by', () => {
  let system: System
  let token: string
  let admin: ReturnType<typeof verifierAdminClient>
  /** What the issuer was asked: path and `Authorization`. The system's own verifier asks for events but once. */
  const asked: { path: string; authorization: string | undefined }[] = []
  let verifier: RunningService
  let between: Awaited<ReturnType<typeof listen>>
  let statusUrl: string

  before(async () => {
    between = await listen('127.0.0.1', 0)
    const port = await freePort()
    between.serve(async (request, response) => {
      const { accept = '*/*', authorization } = request.headers
      asked.push({ path: request.url!, authorization })
      const leaving = new AbortController()
      response.once('close', () => leaving.abort())
      try {
        const headers = { Accept: accept, ...(authorization && { Authorization: authorization }) }
        const answer = await fetch(`http://127.0.0.1:${port}${request.url}`, { headers, signal: leaving.signal })
        response.writeHead(answer.status)
        for await (const chunk of answer.body!) response.write(chunk)
        response.end()
      } catch {
        response.destroy()
      }
    })
    // One place for everybody, which the system's own verifier takes, and one that is kept.
    system = await startSystem({
      settings: { CONSULATE_ISSUER_PORT: `${port}`, CONSULATE_ISSUER_PUBLIC_URL: between.url },
      issuer: { stream: openStatusStream({ all: 2, reserved: 1 }) },
    })
    await until(async () => (await isPushed(system.clients.verifierAdmin)) === true)
    const administrators = administratorsClient({ url: system.issuer.url, token: ADMIN_TOKEN })
    token = (await administrators.create({ name: 'a verifier', scopes: ['read'], validForSeconds: 600 })).key
    statusUrl = `${between.url}/status`
    const database = `sqlite:${join(system.folder, 'known.sqlite')}`
    verifier = await startVerifier(verifierConfig({ ...system.env, CONSULATE_VERIFIER_DATABASE_URL: database }))
    admin = verifierAdminClient({ url: verifier.url, token: ADMIN_TOKEN })
  })
  after(async () => {
    await verifier?.stop()
    await system?.stop()
    await between?.close()
  })

  it('is not needed to ask: with the places of all taken, a verifier without one polls', async () => {
    const made = await admin.trust(system.issuer.did, { roles: ['*'], statusUrl })
    expect(made.hasStatusToken).to.equal(false)
    await until(async () => (await isPushed(admin)) === false)
    await until(async () => asked.filter(({ path }) => path === '/status/events').length > 2)
    expect(await isPushed(admin)).to.equal(false)
    expect(asked.filter(({ authorization }) => authorization !== undefined)).to.deep.equal([])
  })

  it('gets it a place that was kept for it, is sent to status routes alone, and is shown to nobody', async () => {
    asked.length = 0
    const changed = await admin.trust(system.issuer.did, { roles: ['*'], statusUrl, statusToken: token })
    expect(changed).to.include({ hasStatusToken: true }).and.to.not.have.property('statusToken')
    await until(async () => (await isPushed(admin)) === true)
    const known = await admin.trusted(system.issuer.did)
    expect(known).to.include({ hasStatusToken: true }).and.to.not.have.property('statusToken')
    expect(JSON.stringify([changed, known])).to.not.include(token)
    const role = { description: 'a role', maxValiditySeconds: 3600, sensitivity: 'high' as const }
    await system.clients.issuer.putRole('payments.approver', role)
    const { credential } = await system.agentWith('somebody', 'payments.approver')
    await system.clients.issuer.setStatus(credential.id, 'suspension', true)
    await until(async () => asked.some(({ path }) => path.startsWith('/status-lists/')))
    expect(asked.find(({ path }) => path === '/status/events')).to.include({ authorization: `Bearer ${token}` })
    expect(asked.filter(({ path, authorization }) => !path.startsWith('/status/') && authorization)).to.deep.equal([])
  })

  it('stays when the record is changed without it, and goes when it is told to', async () => {
    expect(await admin.trust(system.issuer.did, { roles: ['payments.*'], statusUrl })).to.include({
      hasStatusToken: true,
    })
    expect(await isPushed(admin)).to.equal(true)
    const removed = await admin.trust(system.issuer.did, { roles: ['*'], statusUrl, statusToken: null })
    expect(removed.hasStatusToken).to.equal(false)
    asked.length = 0
    await until(async () => (await isPushed(admin)) === false)
    await until(async () => asked.some(({ path }) => path === '/status/events'))
    expect(asked.filter(({ authorization }) => authorization !== undefined)).to.deep.equal([])
  })

  it('is refused for an address that others could read it on the way to, and when it is no token', async () => {
    const roles = ['*']
    const trust = (change: object) => outcomeOf(admin.trust(system.issuer.did, { roles, statusUrl, ...change }))
    expect(await trust({ statusUrl: 'http://issuer.example/status', statusToken: token })).to.equal(
      '400 invalid_request',
    )
    for (const statusToken of ['', 'short', `${token} ${token}`, `${token}\n`, 'é'.repeat(20), 'x'.repeat(8193)])
      expect(await trust({ statusToken }), statusToken).to.equal('400 invalid_request')
    expect((await admin.trusted(system.issuer.did)).hasStatusToken).to.equal(false)
  })

  it('is forgotten when the status is asked for elsewhere', async () => {
    await admin.trust(system.issuer.did, { roles: ['*'], statusUrl, statusToken: token })
    const moved = await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
    expect(moved.hasStatusToken).to.equal(false)
    expect(await admin.trust(system.issuer.did, { roles: ['*'], statusUrl })).to.include({ hasStatusToken: false })
  })

  async function isPushed(verifier: ReturnType<typeof verifierAdminClient>): Promise<boolean | undefined> {
    const { status } = await verifier.trusted(system.issuer.did)
    return (status as { pushed: boolean } | null)?.pushed
  }
})
