import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DomainError } from '@consulate/core'
import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { freePort } from './system/free-port.ts'
import { createDatabase } from './system/postgres.ts'
import { type System, startSystem } from './system/start-system.ts'

type Env = Record<string, string>

const STARTS = {
  ISSUER: (env: Env) => startIssuer(issuerConfig(env)),
  WALLET: (env: Env) => startWallet(walletConfig(env)),
  VERIFIER: (env: Env) => startVerifier(verifierConfig(env)),
}

describe('a start that cannot succeed', () => {
  let system: System

  before(async () => {
    system = await startSystem()
  })

  after(() => system?.stop())

  for (const [name, start] of Object.entries(STARTS)) {
    describe(`of the ${name.toLowerCase()}`, () => {
      /** What the start says; the port must be free again when it has said so. */
      async function failure(change: Env): Promise<string> {
        const port = await freePort()
        const env = {
          ...system.env,
          [`CONSULATE_${name}_DATABASE_URL`]: `sqlite:${join(system.folder, `failed-${name}.sqlite`)}`,
          [`CONSULATE_${name}_PORT`]: String(port),
          ...change,
        }
        const error = await start(env).then(
          ({ stop }) => stop().then(() => new Error('it started')),
          (error: unknown) => error,
        )
        expect(error).to.be.instanceOf(DomainError)
        expect(await isOpen(port)).to.equal(false)
        const { message } = error as DomainError
        expect(message).to.not.match(/\n|node_modules|\bat .*:\d+:\d+/)
        return message
      }

      it('says that the port is in use, and by which number', async () => {
        const { port } = system[name.toLowerCase() as 'issuer']
        const message = await failure({ [`CONSULATE_${name}_PORT`]: String(port) })
        expect(message).to.include(`Port ${port} on 127.0.0.1 is in use`)
      })

      it('says that the chain does not answer, and where', async () => {
        const nobody = `127.0.0.1:${await freePort()}`
        const message = await failure({ CONSULATE_RPC_URLS: `http://${nobody}/secret-access-key` })
        expect(message)
          .to.match(/No answer from chain/)
          .and.to.include(nobody)
        expect(message).to.not.include('secret-access-key')
      })

      it('says that the chain is another one', async () => {
        const message = await failure({ CONSULATE_CHAIN_ID: '1' })
        expect(message).to.include(`is on chain ${system.chain.chainId}, not 1`)
      })

      it('says which database it cannot open, and what to do', async () => {
        const folder = join(system.folder, `folder-${name}`)
        mkdirSync(folder, { recursive: true })
        const text = join(system.folder, `text-${name}`)
        writeFileSync(text, 'this is no database, however long one reads it. '.repeat(100))
        const below = join(text, 'issuer.sqlite')
        for (const path of [folder, text, below]) {
          const message = await failure({ [`CONSULATE_${name}_DATABASE_URL`]: `sqlite:${path}` })
          expect(message).to.include(`The database ${path} cannot be opened`).and.to.include('choose another path')
        }
      })

      it('says that a PostgreSQL server does not answer, without the password', async () => {
        const message = await failure({
          [`CONSULATE_${name}_DATABASE_URL`]: 'postgres://user:secret@127.0.0.1:1/consulate',
        })
        expect(message).to.include('postgres://127.0.0.1:1/consulate cannot be opened').and.to.not.include('secret')
      })
    })
  }

  describe('late', () => {
    it('ends everything that was started before: the process ends by itself', async () => {
      const env = {
        CONSULATE_DATA: join(system.folder, 'late'),
        CONSULATE_ISSUER_PORT: '0',
        CONSULATE_WALLET_PORT: '0',
        CONSULATE_VERIFIER_PORT: String(system.verifier.port),
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      }
      const said = await ending(
        `import { startAll } from 'consulate'; await startAll(process.env).catch(console.log)`,
        env,
      )
      expect(said).to.include(`Port ${system.verifier.port} on 127.0.0.1 is in use`)
    })

    for (const [name, part] of [
      ['Issuer', `{ clock: { now() { throw new Error('too late') } } }`],
      ['Wallet', `{ get logger() { throw new Error('too late') } }`],
      ['Verifier', `{ get logger() { throw new Error('too late') } }`],
    ] as const)
      it(`closes the database of the ${name.toLowerCase()}, and ends what it began to follow`, async () => {
        const env = { ...system.env, [`CONSULATE_${name.toUpperCase()}_DATABASE_URL`]: await createDatabase() }
        const program = `import { envToConfig, start${name} } from '@consulate/${name.toLowerCase()}'
          await start${name}(envToConfig(process.env), ${part}).catch(console.log)`
        expect(await ending(program, env)).to.include('too late')
      })
  })
})

/** What a process says that runs this program and is left to end by itself. */
async function ending(program: string, env: Env): Promise<string> {
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const child = spawn(process.execPath, ['--conditions=@consulate/source', '--input-type=module', '--eval', program], {
    env: { PATH, NODE_COMPILE_CACHE, ...env, CONSULATE_LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
    killSignal: 'SIGKILL',
  })
  const [said, complaints, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  expect({ code, signal }, complaints).to.deep.equal({ code: 0, signal: null })
  return said
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
