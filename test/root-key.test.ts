import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { walletAdminClient, walletClient } from '@consulate/sdk'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'
import { openSealedKeys, openSealedSecrets } from './system/sealed-keys.ts'
import { ADMIN_TOKEN, type System, startSystem } from './system/start-system.ts'
import { storedState } from './system/stored-state.ts'

type Env = Record<string, string>

const STARTS = {
  issuer: (env: Env) => startIssuer(issuerConfig(env)),
  wallet: (env: Env) => startWallet(walletConfig(env)),
  verifier: (env: Env) => startVerifier(verifierConfig(env)),
}

describe('a wrong root key', () => {
  let system: System
  let env: Env

  before(async () => {
    system = await startSystem()
    const database = (name: string) => `sqlite:${join(system.folder, 'sealed', `${name}.sqlite`)}`
    env = {
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_RELAYER_KEY: system.devnet.accounts[2]!.privateKey,
    }
    for (const start of Object.values(STARTS)) await (await start(env)).stop()
  })

  after(() => system?.stop())

  for (const [name, start] of Object.entries(STARTS)) {
    it(`is refused by the ${name} at its start, in words, and changes nothing`, async () => {
      const stored = storedState({ env })
      const wrong = randomBytes(32).toString('base64url')
      const refusal = await start({ ...env, CONSULATE_MASTER_KEY: wrong }).catch((error: unknown) => error)
      expect(refusal).to.be.instanceOf(DomainError)
      expect((refusal as Error).message).to.match(new RegExp(`root key of the ${name} is not the one`))
      const variable = `CONSULATE_${name.toUpperCase()}_MASTER_KEY`
      for (const named of [join('sealed', `${name}.sqlite`), variable, 'CONSULATE_MASTER_KEY'])
        expect((refusal as Error).message).to.include(named)
      expect((refusal as Error).message).to.not.include(wrong)
      expect(storedState({ env })).to.equal(stored)
    })

    it(`leaves the ${name} as it was for the right one`, async () => {
      const service = name.toUpperCase()
      const secrets = JSON.stringify(openSealedSecrets(env, service))
      const { stop, url } = await start(env)
      expect((await fetch(`${url}/healthz`)).status).to.equal(200)
      await stop()
      expect(JSON.stringify(openSealedSecrets(env, service))).to.equal(secrets)
    })
  }

  it('leaves the agents their keys', async () => {
    const wallet = await STARTS.wallet(env)
    const agent = await walletAdminClient({ url: wallet.url, token: ADMIN_TOKEN }).createAgent('agent')
    await wallet.stop()
    const keys = openSealedKeys(env, 'WALLET').map(({ kid }) => kid)
    const wrong = { ...env, CONSULATE_MASTER_KEY: randomBytes(32).toString('base64url') }
    expect(await STARTS.wallet(wrong).catch((error: unknown) => error)).to.be.instanceOf(DomainError)
    const again = await STARTS.wallet(env)
    expect((await walletClient({ url: again.url, token: agent.token }, agent.did).credentials()).items).to.be.empty
    await again.stop()
    expect(openSealedKeys(env, 'WALLET').map(({ kid }) => kid)).to.deep.equal(keys)
  })
})
