import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { type Collector, startCollector } from './system/collector.ts'
import { type Canaries, leaksIn } from './system/leaks.ts'
import { openSealedKeys, openSealedSecrets } from './system/sealed-keys.ts'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { type System, startSystem } from './system/start-system.ts'
import { type Heard, playTheLoop } from './system/watched-loop.ts'

describe('secrets', () => {
  const canaries: Canaries = new Map()
  let answers: Heard[]
  let system: System
  let services: ServicesProcess
  let folder: string
  let collector: Collector

  before(async () => {
    system = await startSystem()
    folder = join(system.folder, 'watched')
    collector = await startCollector()
    const env = { ...watchedEnv(), OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
    services = await runServices(env)
    const { answers: heard, tokens } = await playTheLoop(services, env.CONSULATE_ADMIN_TOKEN)
    answers = heard
    for (const [name, token] of tokens) canaries.set(name, Buffer.from(token))
    canaries.set('root key', Buffer.from(env.CONSULATE_MASTER_KEY, 'base64url'))
    canaries.set('relayer key', Buffer.from(env.CONSULATE_RELAYER_KEY.slice(2), 'hex'))
    canaries.set('admin token', Buffer.from(env.CONSULATE_ADMIN_TOKEN))
    for (const service of ['ISSUER', 'WALLET', 'VERIFIER']) {
      for (const { name, secret } of openSealedSecrets(env, service)) canaries.set(`${service} ${name}`, secret)
    }
    for (const service of ['ISSUER', 'WALLET'])
      for (const { kid, privateKey } of openSealedKeys(env, service)) {
        const { d } = privateKey.export({ format: 'jwk' })
        canaries.set(`${service} private key ${kid}`, Buffer.from(d!, 'base64url'))
      }
  })

  after(async () => {
    await services?.end()
    await collector?.stop()
    await system?.stop()
  })

  it('are many: the keys, the tokens, and the permutations of the lists', () => {
    const names = [...canaries.keys()].join('\n')
    for (const kind of ['agent token', 'resource server token', 'list-permutation', 'root-key-check'])
      expect(names).to.include(kind)
    // Four of its own, one of each of its six instances, and the one that controls a did:ethr.
    expect(names.match(/ISSUER private key/g)).to.have.lengthOf(11)
    expect(names.match(/WALLET private key/g)).to.have.lengthOf(2)
  })

  it('would be found: what is no secret is, in a database, in the log, and in an answer', () => {
    const known: Canaries = new Map([
      ['agent', Buffer.from('an agent to be watched')],
      ['issuer', Buffer.from(services.issuerDid)],
    ])
    expect(databases().flatMap(({ bytes }) => leaksIn(bytes, known))).to.include.members(['agent', 'issuer'])
    expect(leaksIn(services.log(), known)).to.include('issuer')
    expect(answers.flatMap(({ text }) => leaksIn(text, known))).to.include.members(['agent', 'issuer'])
    const secret = [...canaries.values()][0]!
    const hidden = [secret, secret.toString('hex'), `x${Buffer.from(`{"k":"${secret}"}`).toString('base64')}`]
    for (const text of hidden) expect(leaksIn(text, canaries)).to.have.lengthOf(1)
  })

  it('stand in no file of a database', () => {
    expect(databases().map(({ name }) => name)).to.include.members(['issuer.sqlite', 'issuer.sqlite-wal'])
    for (const { name, bytes } of databases()) expect(leaksIn(bytes, canaries), name).to.deep.equal([])
  })

  it('stand in nothing that is remembered for who repeats a request', () => {
    for (const service of ['issuer', 'wallet', 'verifier']) {
      const database = new Sqlite(join(folder, `${service}.sqlite`), { readonly: true })
      const rows = database.prepare('SELECT * FROM idempotency_key').all()
      database.close()
      expect(rows, service).to.not.be.empty
      expect(leaksIn(JSON.stringify(rows), canaries), service).to.deep.equal([])
    }
  })

  it('stand in no answer, but for a token in the one answer that gives it', () => {
    const given = [
      'agent token of an agent to be watched',
      'agent token of another agent',
      'key of a verifier',
      'key of an administrator',
      'resource server token',
    ]
    const leaks = answers.flatMap(({ text }) => leaksIn(text, canaries))
    expect(leaks.toSorted()).to.deep.equal(given)
    const giving = answers.filter(({ text }) => leaksIn(text, canaries).length > 0).map(({ path }) => path)
    expect(giving).to.have.members(['/administrators', '/administrators', '/agents', '/agents', '/resource-servers'])
  })

  it('stand in no log, at the most talkative level, from the start to the end', async () => {
    expect(await services.end()).to.equal(0)
    const log = services.log()
    expect(log.split('\n').length).to.be.above(answers.length)
    expect(leaksIn(log, canaries)).to.deep.equal([])
    expect(log).to.not.include('eyJ')
    for (const { name, bytes } of databases()) expect(leaksIn(bytes, canaries), name).to.deep.equal([])
  })

  it('stand in no trace, and neither does who did what', () => {
    expect(collector.spans().map(({ name }) => name)).to.include.members(['POST /agents', 'GET'])
    expect(leaksIn(collector.received(), canaries)).to.deep.equal([])
    expect(collector.received()).to.not.match(/eyJ|did:|watched/)
  })

  function databases(): { name: string; bytes: Buffer }[] {
    return readdirSync(folder).map((name) => ({ name, bytes: readFileSync(join(folder, name)) }))
  }

  function watchedEnv() {
    const database = (name: string) => `sqlite:${join(folder, `${name}.sqlite`)}`
    return {
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url'),
      CONSULATE_ADMIN_TOKEN: randomBytes(24).toString('base64url'),
      CONSULATE_RELAYER_KEY: system.devnet.accounts[2]!.privateKey as string,
      CONSULATE_LOG_LEVEL: 'trace',
      DEBUG: '',
    }
  }
})
