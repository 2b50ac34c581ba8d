import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { SERVICES } from './services/service-names.ts'

const program = fileURLToPath(new URL('../bin/consulate.js', import.meta.url))
const ROLE = 'payments.approver'
const SOMEBODY = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'

describe('consulate on the command line', () => {
  let folder: string
  let env: NodeJS.ProcessEnv
  let up: ChildProcess

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-cli-'))
    env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      CONSULATE_DATA: folder,
      CONSULATE_ISSUER_PORT: '0',
      CONSULATE_WALLET_PORT: '0',
      CONSULATE_VERIFIER_PORT: '0',
      CONSULATE_LOG_LEVEL: 'warn',
    }
    await startUp()
  })
  after(async () => {
    await end('SIGKILL')
    await sleep(500) // the chain ends by itself
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  })

  it('goes from a role to its revocation', async () => {
    expect(await consulate('role', 'create', ROLE, '--sensitivity', 'high', '--json')).to.include({ code: 0 })
    const agent = await consulate('agent', 'create', 'bot', '--json')
    const { did, tokenFile } = agent.document
    expect(statSync(tokenFile).mode & 0o777).to.equal(0o600)
    expect(agent.out).not.to.include(JSON.parse(readFileSync(tokenFile, 'utf8')).token)

    const issued = await consulate('issue', 'bot', ROLE, '--operator', 'ops@example.com', '--json')
    expect(issued.document).to.include({ agent: did, role: ROLE, stored: true })
    const accepted = await presentAndVerify()
    expect(accepted).to.include({ code: 0, err: '' })
    expect(accepted.document).to.include({ verified: true, holder: did })

    const revoked = await consulate('revoke', 'bot', ROLE, '--reason', 'hijacked', '--json')
    expect(revoked.document.revoked).to.deep.equal([issued.document.id])
    const refused = await untilRefused()
    expect(refused.document.error.code).to.equal('credential_revoked')
    const { document } = await consulate('status', issued.document.id, '--json')
    expect(document.status).to.deep.equal({ revoked: true, suspended: false, reason: 'hijacked' })
  })

  describe('takes from an agent', () => {
    let id: string

    before(async () => {
      await consulate('agent', 'create', 'rogue', '--json')
      id = (await consulate('issue', 'rogue', ROLE, '--operator', 'ops@example.com', '--json')).document.id
    })

    const statusNow = async () => (await consulate('status', id, '--json')).document.status

    it('a credential for a while', async () => {
      const suspended = await consulate('suspend', id, '--json')
      expect(suspended).to.include({ code: 0, err: '' })
      expect(suspended.document).to.include({ credentialId: id, suspended: true })
      expect(await statusNow()).to.include({ suspended: true, revoked: false })
      const lifted = await consulate('suspend', id, '--lift')
      expect(lifted.code).to.equal(0)
      expect(lifted.out).to.include('The suspension is lifted.').and.to.include(id)
      expect(await statusNow()).to.include({ suspended: false, revoked: false })
      const unknown = await consulate('suspend', 'urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11', '--json')
      expect(unknown.code).to.equal(1)
      expect(unknown.document.error.code).to.equal('credential_unknown')
    })

    it('everything, for good', async () => {
      const killed = await consulate('kill', 'rogue', '--json')
      expect(killed).to.include({ code: 0, err: '' })
      expect(killed.document.revoked).to.deep.equal([id])
      expect(await statusNow()).to.include({ revoked: true })
      const again = await consulate('kill', 'rogue')
      expect(again.code).to.equal(0)
      expect(again.out)
        .to.include('rogue is cut off.')
        .and.to.match(/kill on chain +(pending|sent|mined|final)/)
    })
  })

  it('takes a role from every agent, once told that it is meant', async () => {
    const role = 'payments.everybody'
    await consulate('role', 'create', role, '--json')
    for (const name of ['first', 'second']) {
      await consulate('agent', 'create', name, '--json')
      await consulate('issue', name, role, '--operator', 'ops@example.com', '--json')
    }
    const careless = await consulate('role', 'revoke', role)
    expect(careless.code).to.equal(2)
    expect(careless.err).to.include('--yes')
    const revoked = await consulate('role', 'revoke', role, '--reason', 'leaked', '--yes', '--json')
    expect(revoked.document).to.include({ role, revokedCount: 2 })
    const again = await consulate('role', 'revoke', role, '--yes')
    expect(again.out).to.match(/is revoked for every agent.*\n +credentials +0/)
    const unknown = await consulate('role', 'revoke', 'payments.unheard', '--yes', '--json')
    expect(unknown.document.error.code).to.equal('role_unknown')
  })

  it('plays the demo on what runs here, with as many agents as are asked for', async () => {
    const { code, document } = await consulate('demo', '--agents', '3', '--json')
    expect(document).to.include({ ok: true, instance: 'running', agents: 3, presented: 3, othersPassedAfter: 2 })
    expect(document.hijack.refusal).to.equal('credential_revoked')
    expect(code).to.equal(0)
    const alone = await consulate('demo', '--agents', '1', '--json')
    expect(alone.code).to.equal(2)
    expect(alone.document.error.code).to.equal('usage')
  })

  it('gives a did:ethr agent a new key, and says how far that is', async () => {
    const { document } = await consulate('agent', 'create', 'changing', '--method', 'ethr', '--json')
    expect(document.did).to.match(/^did:ethr:0x7a69:0x[0-9a-f]{40}$/)
    expect((await consulate('agent', 'rotate', 'changing', '--show', '--json')).document).to.deep.equal({
      did: document.did,
    })
    const begun = await consulate('agent', 'rotate', 'changing', '--json')
    expect(begun).to.include({ code: 0 })
    expect(begun.document).to.include({ did: document.did, state: 'pending' })
    let shown = begun.document
    for (const end = performance.now() + 15_000; shown.state !== 'final' && performance.now() < end; await sleep(200))
      shown = (await consulate('agent', 'rotate', document.did, '--show', '--json')).document
    expect(shown).to.include({ state: 'final', owner: begun.document.owner })
    const refused = await consulate('agent', 'rotate', 'bot', '--json')
    expect([refused.code, refused.document.error.code]).to.deep.equal([1, 'did_cannot_rotate'])
    expect(await consulate('agent', 'rotate', 'changing', '--owner', '0x12')).to.include({ code: 2 })
    expect(await consulate('agent', 'create', 'other', '--method', 'web')).to.include({ code: 2 })
  })

  it('gives administrators keys that do what their scopes say, until they are removed', async () => {
    const made = await consulate('admin', 'create', '--scope', 'issue', '--scope', 'read', 'alice', '--json')
    const { administrators } = made.document
    expect(administrators.map(({ service }: { service: string }) => service)).to.deep.equal(SERVICES)
    const [{ id, key, name, scopes }] = administrators
    expect({ name, scopes }).to.deep.equal({ name: 'alice', scopes: ['issue', 'read'] })

    const asAlice = { ...env, CONSULATE_ISSUER_ADMIN_TOKEN: key }
    expect(await run(['role', 'create', 'by.alice', '--json'], '', asAlice)).to.include({ code: 0 })
    const refused = await run(['kill', SOMEBODY, '--json'], '', asAlice)
    expect(refused.document.error.code).to.equal('scope_missing')

    const listed = await consulate('admin', 'list', '--service', 'issuer')
    expect(listed.out).to.include(`alice: issue, read`).and.to.include(id).and.to.not.include(key)
    const removed = await consulate('admin', 'remove', id, '--json')
    expect(removed.document).to.deep.equal({ service: 'issuer', id, revoked: true })
    const late = await run(['role', 'create', 'by.alice', '--json'], '', asAlice)
    expect(late.document.error.code).to.equal('unauthenticated')
    const unknown = await consulate('admin', 'remove', 'nobody', '--json')
    expect(unknown.document.error.code).to.equal('administrator_unknown')
  })

  it('gives the verifier a token for an issuer from standard input or a file, and takes it away, without a word of it', async () => {
    const { issuerDid } = JSON.parse(readFileSync(join(folder, 'endpoints.json'), 'utf8'))
    const made = await consulate('admin', 'create', 'verifier', '--scope', 'read', '--service', 'issuer', '--json')
    const [{ key }] = made.document.administrators
    const file = join(folder, 'status-token')
    writeFileSync(file, key, { mode: 0o600 })
    const given = await run(['trust', 'token', issuerDid], `${key}\n`)
    expect(given).to.include({ code: 0, err: '' })
    expect(given.out).to.include('shows the token to').and.to.not.include(key)
    const fromFile = await consulate('trust', 'token', issuerDid, file, '--json')
    expect(fromFile.document).to.include({ did: issuerDid, hasStatusToken: true })
    expect(fromFile.out).to.not.include(key)
    const removed = await consulate('trust', 'token', issuerDid, '--remove', '--json')
    expect(removed.document).to.include({ hasStatusToken: false })
    const wrong = await run(['trust', 'token', issuerDid], `${key} and more`)
    expect(wrong).to.include({ code: 1, out: '' })
    expect(wrong.err)
      .to.match(/^error: [^\n]+ \(invalid_request\)\n$/)
      .and.to.not.include(key)
  })

  it('leaves no key behind when one service refuses to give its own', async () => {
    const elsewhere = { ...env, CONSULATE_VERIFIER_ADMIN_TOKEN: 'a-token-of-nobody-0123456789' }
    const { document } = await run(['admin', 'create', 'bob', '--scope', 'read', '--json'], '', elsewhere)
    expect(document.error.code).to.equal('unauthenticated')
    const { administrators } = (await consulate('admin', 'list', '--json')).document
    const bobs = administrators.filter(({ name }: { name: string }) => name === 'bob')
    expect(bobs.map(({ service }: { service: string }) => service)).to.deep.equal(['issuer', 'wallet'])
    for (const bob of bobs) expect(bob).to.include({ revokedBy: 'bootstrap' })
  })

  it('leaves with 1 and one line when a service refuses', async () => {
    const { code, out, err } = await consulate('issue', 'bot', 'no.such-role', '--operator', 'ops@example.com')
    expect({ code, out }).to.deep.equal({ code: 1, out: '' })
    expect(err).to.match(/^error: [^\n]+ \(role_unknown\)\n$/)
  })

  it('keeps a second one out of its data folder', async () => {
    const { code, document } = await consulate('up', '--json')
    expect({ code, error: document.error.code }).to.deep.equal({ code: 1, error: 'unavailable' })
    expect(existsSync(join(folder, 'endpoints.json'))).to.equal(true)
  })

  it('ends on SIGTERM with 0, and comes back with the same identities and the same revocations', async () => {
    const endpoints = readFileSync(join(folder, 'endpoints.json'), 'utf8')
    expect(await end('SIGTERM')).to.equal(0)
    expect(existsSync(join(folder, 'endpoints.json'))).to.equal(false)
    await startUp()
    expect(readFileSync(join(folder, 'endpoints.json'), 'utf8')).to.equal(endpoints)
    expect((await presentAndVerify()).document.error.code).to.equal('credential_revoked')
  })

  it('leaves with 2 on wrong usage, in one line or one document', async () => {
    const { code, out, err } = await consulate('issue', 'bot', ROLE)
    expect({ code, out }).to.deep.equal({ code: 2, out: '' })
    expect(err).to.match(/^error: [^\n]*--operator[^\n]* \(usage\)\n$/)
    const quiet = await consulate('role', 'create', ROLE, '--max-validity', '1e3', '--json')
    expect(quiet).to.include({ code: 2, err: '' })
    expect(quiet.document.error.code).to.equal('usage')
    const notJson = await consulate(
      'issue',
      'nobody',
      ROLE,
      '--operator',
      'ops@example.com',
      '--claims',
      'none',
      '--json',
    )
    expect([notJson.code, notJson.document.error.code]).to.deep.equal([2, 'usage'])
  })

  it('shows its help', async () => {
    const { code, out } = await consulate('role', 'create', '--help')
    expect(code).to.equal(0)
    expect(out).to.include('Examples:\n  $ consulate role create')
  })

  async function startUp(): Promise<void> {
    up = spawn(process.execPath, [program, 'up'], { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const complaints = text(up.stderr!)
    while (!existsSync(join(folder, 'endpoints.json'))) {
      if (up.exitCode !== null) throw new Error(`up ended: ${await complaints}`)
      await sleep(50)
    }
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (up.exitCode === null && up.signalCode === null) {
      up.kill(signal)
      await once(up, 'exit')
    }
    return up.exitCode
  }

  async function presentAndVerify() {
    const presented = await consulate('present', 'bot', '--domain', 'https://api.example', '--json')
    return run(['verify', '-', '--json'], presented.out)
  }

  async function untilRefused() {
    for (;;) {
      const answer = await presentAndVerify()
      if (answer.code === 3) return answer
    }
  }

  const consulate = (...args: string[]) => run(args, '')

  async function run(args: string[], input: string, environment = env) {
    // Without the condition a checkout's program starts itself anew with it, as `up` does above.
    const child = spawn(process.execPath, ['--conditions=@consulate/source', program, ...args], { env: environment })
    child.stdin.end(input)
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, out, err, document: args.includes('--json') ? JSON.parse(out) : undefined }
  }
})
