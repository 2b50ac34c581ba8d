import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
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
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
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
