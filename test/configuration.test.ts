import { envToConfig as issuerConfig } from '@consulate/issuer'
import { ConfigError } from '@consulate/server'
import { envToConfig as verifierConfig } from '@consulate/verifier'
import { envToConfig as walletConfig } from '@consulate/wallet'
import { expect } from 'chai'

type Env = Record<string, string>

const KEY = Buffer.alloc(32, 7).toString('base64url')
const ADDRESS = `0x${'Ab'.repeat(20)}`
const RIGHT: Env = {
  CONSULATE_ISSUER_PORT: '7100',
  CONSULATE_WALLET_PORT: '7200',
  CONSULATE_VERIFIER_PORT: '7300',
  CONSULATE_ISSUER_DATABASE_URL: 'sqlite:/data/issuer.sqlite',
  CONSULATE_WALLET_DATABASE_URL: 'sqlite:/data/wallet.sqlite',
  CONSULATE_VERIFIER_DATABASE_URL: 'sqlite:/data/verifier.sqlite',
  CONSULATE_MASTER_KEY: KEY,
  CONSULATE_ADMIN_TOKEN: 'an-admin-token-0123456789',
  CONSULATE_RPC_URLS: 'http://127.0.0.1:8545, https://node.example/key',
  CONSULATE_CHAIN_ID: '31337',
  CONSULATE_DID_REGISTRY: ADDRESS,
  CONSULATE_STATUS_REGISTRY: ADDRESS,
  CONSULATE_RELAYER_KEY: `0x${'11'.repeat(32)}`,
}
const OIDC: Env = {
  CONSULATE_OIDC_ISSUER: 'https://accounts.example/realms/ops',
  CONSULATE_OIDC_AUDIENCE: 'consulate',
  CONSULATE_OIDC_SCOPES: '{"groups":{"platform":["issue","revoke"]}}',
}
const WRONG_OIDC: Record<string, [variable: string, value: string]> = {
  'without TLS': ['CONSULATE_OIDC_ISSUER', 'http://accounts.example'],
  'without TLS that only looks like loopback': ['CONSULATE_OIDC_ISSUER', 'http://127.0.0.1.evil.example'],
  'that is no URL': ['CONSULATE_OIDC_ISSUER', 'accounts.example'],
  'with a query': ['CONSULATE_OIDC_ISSUER', 'https://accounts.example/?a=b'],
  'whose scopes are no JSON': ['CONSULATE_OIDC_SCOPES', 'groups=platform'],
  'whose scopes do not exist': ['CONSULATE_OIDC_SCOPES', '{"groups":{"platform":["everything"]}}'],
  'whose scopes would manage administrators': ['CONSULATE_OIDC_SCOPES', '{"groups":{"x":["administrators"]}}'],
  'whose scopes are of nothing': ['CONSULATE_OIDC_SCOPES', '{"groups":["issue"]}'],
  'whose scopes reach for the prototype': ['CONSULATE_OIDC_SCOPES', '{"__proto__":{"x":["issue"]}}'],
}
const SERVICES = { ISSUER: issuerConfig, WALLET: walletConfig, VERIFIER: verifierConfig }

describe('the configuration', () => {
  for (const [name, envToConfig] of Object.entries(SERVICES)) {
    const mistakes = (change: Env): readonly string[] => {
      try {
        envToConfig({ ...RIGHT, ...change })
        return []
      } catch (error) {
        expect(error).to.be.instanceOf(ConfigError)
        const { message, mistakes } = error as ConfigError
        expect(message.split('\n')).to.deep.equal(mistakes)
        return mistakes
      }
    }
    const wrong: Env = {
      CONSULATE_HOST: '',
      [`CONSULATE_${name}_PORT`]: '70000',
      [`CONSULATE_${name}_PUBLIC_URL`]: 'ftp://issuer.example',
      [`CONSULATE_${name}_DATABASE_URL`]: 'mysql://localhost/consulate',
      CONSULATE_MASTER_KEY: 'too-short',
      CONSULATE_ADMIN_TOKEN: 'two words and more',
      CONSULATE_RPC_URLS: 'http://127.0.0.1:8545,127.0.0.1:8546',
      CONSULATE_CHAIN_ID: '0x7a69',
      CONSULATE_DID_REGISTRY: '0x1234',
      CONSULATE_STATUS_REGISTRY: 'registry.eth',
      CONSULATE_RATE_LIMIT_ADDRESS: '0',
      CONSULATE_RATE_LIMIT_TOKEN: 'many',
      CONSULATE_TRUSTED_PROXIES: '10.0.0.0/8, proxy.example',
      CONSULATE_LOG_LEVEL: 'loud',
      ...(name === 'ISSUER' && {
        CONSULATE_RELAYER_KEY: '0x1234',
        CONSULATE_FINALITY: 'soon',
        CONSULATE_INSTANCES: '/nowhere/instances.json',
      }),
      ...(name === 'WALLET' && { CONSULATE_WALLET_RELAYER_KEY: '0x1234', CONSULATE_FINALITY: 'soon' }),
      ...(name === 'VERIFIER' && {
        CONSULATE_OUTGOING_ALLOW: 'https://host.example',
        CONSULATE_INSTANCES: '/nowhere/instances.json',
      }),
    }

    describe(`of the ${name.toLowerCase()}`, () => {
      it('is read', () => {
        const config = envToConfig(RIGHT)
        expect(config.rootKey).to.deep.equal(Buffer.alloc(32, 7))
        expect(config.chain.rpcUrls).to.deep.equal(['http://127.0.0.1:8545', 'https://node.example/key'])
        expect(config.chain.didRegistry).to.equal(ADDRESS.toLowerCase())
        expect(config).to.include({ host: '127.0.0.1', logLevel: 'info', publicUrl: undefined })
      })

      it('limits generously and trusts no proxy unless it is told to', () => {
        expect(envToConfig(RIGHT)).to.deep.include({
          rateLimits: { address: 60_000, token: 600_000 },
          trustedProxies: [],
        })
        const told = { CONSULATE_RATE_LIMIT_TOKEN: '60', CONSULATE_TRUSTED_PROXIES: '10.0.0.0/8, ::1' }
        expect(envToConfig({ ...RIGHT, ...told })).to.deep.include({
          rateLimits: { address: 60_000, token: 60 },
          trustedProxies: ['10.0.0.0/8', '::1'],
        })
        for (const wrong of ['loopback', '10.0.0.0/33', '10.0.0.0/8/8', '*', '::1/129', '10.0.0.1/'])
          expect(mistakes({ CONSULATE_TRUSTED_PROXIES: wrong }), wrong).to.have.lengthOf(1)
      })

      it('prefers what is meant for this service alone', () => {
        const own = Buffer.alloc(32, 9).toString('base64url')
        const config = envToConfig({ ...RIGHT, [`CONSULATE_${name}_MASTER_KEY`]: own })
        expect(config.rootKey).to.deep.equal(Buffer.alloc(32, 9))
        expect(mistakes({ [`CONSULATE_${name}_ADMIN_TOKEN`]: 'short' })).to.have.lengthOf(1)
      })

      it('has an OIDC issuer when it has all of it', () => {
        expect(envToConfig(RIGHT).oidc).to.equal(undefined)
        const { CONSULATE_OIDC_ISSUER: issuer, CONSULATE_OIDC_AUDIENCE: audience } = OIDC
        const scopes = { groups: { platform: ['issue', 'revoke'] } }
        expect(envToConfig({ ...RIGHT, ...OIDC }).oidc).to.deep.equal({ issuer, audience, scopes })
        const own = { ...RIGHT, ...OIDC, [`CONSULATE_${name}_OIDC_AUDIENCE`]: 'mine' }
        expect(envToConfig(own).oidc).to.have.property('audience', 'mine')
        for (const variable of Object.keys(OIDC)) {
          const [line, ...more] = mistakes({ ...OIDC, [variable]: '' })
          expect(more).to.be.empty
          expect(line).to.match(new RegExp(`^${variable} is missing; `))
        }
      })

      for (const [what, [variable, value]] of Object.entries(WRONG_OIDC))
        it(`refuses an OIDC issuer ${what}`, () => {
          const [line, ...more] = mistakes({ ...OIDC, [variable]: value })
          expect(more).to.be.empty
          expect(line).to.match(new RegExp(`^${variable} must `))
        })

      it('names each variable that is missing, in one line, and says what to give', () => {
        const mine = Object.keys(RIGHT).filter((variable) => isRead(variable, name))
        for (const variable of mine) {
          const [line, ...more] = mistakes({ [variable]: '' })
          expect(more, variable).to.be.empty
          const shared = variable.replace('CONSULATE_', `CONSULATE_(${name}_)?`)
          expect(line).to.match(new RegExp(`^(${variable}|${shared}) is missing; `))
        }
        expect(mistakes(Object.fromEntries(mine.map((variable) => [variable, ''])))).to.have.lengthOf(mine.length)
      })

      it('names each variable that is wrong, in one line without a stack, all at once', () => {
        const named = Object.keys(wrong).filter((variable) => variable !== 'CONSULATE_HOST')
        const lines = mistakes(wrong)
        expect(lines.map((line) => line.split(' ')[0])).to.have.members(named)
        for (const line of lines) expect(line).to.not.match(/\n|node_modules|\bat .*:\d+|Error/)
      })

      it('does not repeat a secret that is wrong', () => {
        const secret = 'a secret that is wrong'
        const secrets = ['CONSULATE_MASTER_KEY', 'CONSULATE_ADMIN_TOKEN', 'CONSULATE_RELAYER_KEY']
        const lines = mistakes(Object.fromEntries(secrets.map((variable) => [variable, secret]))).join('\n')
        expect(lines).to.include('CONSULATE_MASTER_KEY').and.to.not.include(secret)
      })
    })
  }
})

/** Whether a service reads this variable: its own ones and those of all, and the relayer's key for the issuer alone. */
function isRead(variable: string, service: string): boolean {
  if (variable === 'CONSULATE_RELAYER_KEY') return service === 'ISSUER'
  const [, owner] = /^CONSULATE_(ISSUER|WALLET|VERIFIER)_/.exec(variable) ?? []
  return owner === undefined || owner === service
}
