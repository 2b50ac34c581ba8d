import { X509Certificate } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import tls from 'node:tls'
import { ConfigError, createSealer, createSecretStore, openDatabase, SealedSecret } from '@consulate/server'
import { envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { SERVICES } from '../services/service-names.ts'
import { chainBeforeStart } from './chain.ts'
import { checkConfiguration } from './check-configuration.ts'
import { fillSettings } from './fill-settings.ts'
import { migrationsOfService } from './migrations.ts'
import { createPorts } from './ports.ts'
import { writePrivateFile } from './private-file.ts'

describe('settings that are not configured', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-cli-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const fill = (env: Record<string, string>) =>
    fillSettings(env, folder, SERVICES, createPorts(join(folder, 'ports.json')))
  const fillAndKeep = async (env: Record<string, string>) => {
    const filled = await fill(env)
    for (const { file, value } of filled.made) writePrivateFile(file, `${value}\n`)
    return filled
  }

  it('come from the data folder: one root key a service, private, made once', async () => {
    const first = await fillAndKeep({})
    const keys = SERVICES.map((service) => first.env[`CONSULATE_${service.toUpperCase()}_MASTER_KEY`])
    expect(new Set(keys).size).to.equal(3)
    expect(first.made.map(({ kind }) => kind)).to.have.members([...SERVICES.map(() => 'root key'), 'admin token'])
    for (const { file } of first.made) expect(statSync(file).mode & 0o777).to.equal(0o600)
    expect(await fill({})).to.deep.equal({ env: first.env, made: [] })
    expect(first.env.CONSULATE_ISSUER_PORT).to.equal('7100')
  })

  it('are no new root key for a database that has had one, but for one that was only migrated', async () => {
    await fillAndKeep({})
    await migrationsOfService({ CONSULATE_DATA: folder }, 'wallet').up()
    const wallet = join(folder, 'keys', 'wallet.key')
    rmSync(wallet)
    const again = await fillAndKeep({})
    expect(again.made.map(({ file }) => file)).to.deep.equal([wallet])

    const { databaseUrl, rootKey } = walletConfig({ ...again.env, ...chainBeforeStart(again.env) })
    const database = await openDatabase({ url: databaseUrl, entities: [SealedSecret], migrations: [] })
    await createSecretStore(database, createSealer(rootKey)).getOrCreate('any', 'secret')
    await database.close()
    rmSync(join(folder, 'keys'), { recursive: true })
    const refusal = await fill({}).catch((error) => error)
    expect(refusal).to.be.instanceOf(ConfigError)
    expect(refusal.mistakes).to.have.length(1)
    for (const named of ['CONSULATE_WALLET_MASTER_KEY', wallet, join(folder, 'wallet.sqlite')])
      expect(refusal.message).to.include(named)
    expect(existsSync(join(folder, 'keys'))).to.equal(false)
    expect((await fill({ CONSULATE_MASTER_KEY: rootKey.toString('base64url') })).made).to.deep.equal([])
  })

  it('come with a certificate, private and made once, when it shall be self-signed', async () => {
    const trusted = tls.getCACertificates('default')
    try {
      const { env } = await fill({ CONSULATE_TLS: 'self-signed', CONSULATE_HOST: 'consulate.internal' })
      expect(env.CONSULATE_TLS).to.equal(undefined)
      const [cert, key] = [env.CONSULATE_TLS_CERT!, env.CONSULATE_TLS_KEY!]
      for (const file of [cert, key]) expect(statSync(file).mode & 0o777).to.equal(0o600)
      const made = readFileSync(cert, 'utf8')
      const { subjectAltName } = new X509Certificate(made)
      for (const name of ['localhost', '127.0.0.1', 'consulate.internal']) expect(subjectAltName).to.include(name)
      await fill({ CONSULATE_TLS: 'self-signed', CONSULATE_HOST: 'consulate.internal' })
      expect(readFileSync(cert, 'utf8')).to.equal(made)
      await fill({ CONSULATE_TLS: 'self-signed', CONSULATE_HOST: 'another.internal' })
      expect(new X509Certificate(readFileSync(cert)).checkHost('another.internal')).to.equal('another.internal')
    } finally {
      tls.setDefaultCACertificates(trusted)
    }
  })

  it('leave alone what is configured', async () => {
    const key = Buffer.alloc(32, 1).toString('base64url')
    writeFileSync(join(folder, 'key'), `${key}\n`)
    const env = {
      CONSULATE_MASTER_KEY_FILE: join(folder, 'key'),
      CONSULATE_ADMIN_TOKEN: 'a-token-of-our-own',
      CONSULATE_WALLET_DATABASE_URL: 'sqlite:elsewhere',
    }
    const filled = await fill(env)
    expect(filled.env).to.include({ ...env, CONSULATE_MASTER_KEY: key })
    expect(filled.env).not.to.have.property('CONSULATE_WALLET_MASTER_KEY')
    expect(filled.made).to.deep.equal([])
  })

  it('keep a free port before it is used: credentials will name it', async () => {
    const { env } = await fill({ CONSULATE_ISSUER_PORT: '0' })
    expect(Number(env.CONSULATE_ISSUER_PORT)).to.be.above(1023)
    expect((await fill({ CONSULATE_ISSUER_PORT: '0' })).env.CONSULATE_ISSUER_PORT).to.equal(env.CONSULATE_ISSUER_PORT)
  })

  it('are refused when the file of kept ports is spoilt: credentials name those', async () => {
    for (const spoilt of ['{"issuer":71', '', '{"issuer":"7100"}', '{"issuer":0}']) {
      writeFileSync(join(folder, 'ports.json'), spoilt)
      const failure = await fill({ CONSULATE_ISSUER_PORT: '0' }).catch((error) => error)
      expect(failure).to.have.property('code', 'unavailable')
      expect(failure.message).to.include(join(folder, 'ports.json'))
      expect(readFileSync(join(folder, 'ports.json'), 'utf8')).to.equal(spoilt)
    }
  })

  it('are refused when a file of a secret is empty, each by its name', async () => {
    const files = [join(folder, 'keys', 'issuer.key'), join(folder, 'admin-token')]
    for (const file of files) writePrivateFile(file, '\n')
    const refusal = await fill({}).catch((error) => error)
    expect(refusal).to.be.instanceOf(ConfigError)
    expect(refusal.mistakes.map((mistake: string) => mistake.split(' ')[0])).to.deep.equal(files)
    for (const file of files) expect(readFileSync(file, 'utf8')).to.equal('\n')
  })

  it('do not hide mistakes: each is named once, for all services together', async () => {
    const { env } = await fill({ CONSULATE_LOG_LEVEL: 'loud', CONSULATE_WALLET_PORT: 'x', CONSULATE_FINALITY: 'soon' })
    const failure = attempt(() => checkConfiguration({ ...env, ...chainBeforeStart(env) }))
    expect(failure.mistakes.map((mistake) => mistake.split(' ')[0])).to.have.members([
      'CONSULATE_LOG_LEVEL',
      'CONSULATE_WALLET_PORT',
      'CONSULATE_FINALITY',
    ])
  })

  it('cannot be half a chain', () => {
    expect(attempt(() => chainBeforeStart({ CONSULATE_CHAIN_ID: '1' })).message).to.include('CONSULATE_RPC_URLS is not')
  })

  function attempt(work: () => unknown): ConfigError {
    try {
      work()
    } catch (error) {
      return error as ConfigError
    }
    throw new Error('it passed')
  }
})
