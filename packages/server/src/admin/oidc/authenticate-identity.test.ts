import { createHmac } from 'node:crypto'
import type { DomainError } from '@consulate/core'
import { expect } from 'chai'
import { AUDIENCE, assemble, type OidcIssuer, startOidcIssuer } from '../../../../../test/system/oidc-issuer.ts'
import { until } from '../../../../../test/system/start-system.ts'
import type { Administrator } from '../administrator.ts'
import { authenticateIdentity } from './authenticate-identity.ts'
import type { IssuerKeysOptions } from './issuer-keys.ts'

const DISCOVERY = '/.well-known/openid-configuration'
const JWKS = '/keys'

describe('a JWT of the OIDC issuer', () => {
  let issuer: OidcIssuer
  let authenticate: (token: string) => Promise<Administrator>

  beforeEach(async () => {
    issuer = await startOidcIssuer()
    authenticate = authenticator()
  })
  afterEach(() => issuer.stop())

  function authenticator(options: IssuerKeysOptions = {}) {
    const scopes = { groups: { platform: ['issue' as const, 'revoke' as const], audit: ['read' as const] } }
    const clock = { now: () => Math.floor(Date.now() / 1000) }
    return authenticateIdentity({ issuer: issuer.url, audience: AUDIENCE, scopes }, { clock, ...options })
  }

  const outcome = (token: string, by = authenticate): Promise<string> =>
    by(token).then(
      ({ actor }) => actor,
      (error: DomainError) => error.code,
    )
  const now = () => Math.floor(Date.now() / 1000)

  it('tells who it is by sub, and what for by the mapping of claims', async () => {
    const token = await issuer.token({ groups: ['platform', 'unknown', 7] })
    expect(await authenticate(token)).to.deep.equal({ actor: 'oidc:user-1', scopes: ['issue', 'revoke'] })
    expect(issuer.asked).to.deep.equal([DISCOVERY, JWKS])
    const unmapped = await authenticate(await issuer.token({ groups: ['constructor', 'everybody'] }))
    expect(unmapped).to.deep.equal({ actor: 'oidc:user-1', scopes: [] })
    expect(issuer.asked).to.have.lengthOf(2)
  })

  for (const alg of ['PS256', 'ES256', 'EdDSA'])
    it(`may be signed with ${alg}`, async () => {
      await issuer.rotate(alg)
      expect(await outcome(await issuer.token({ aud: ['other', AUDIENCE] }, { typ: 'at+jwt' }))).to.equal('oidc:user-1')
    })

  const refused: Record<string, () => Promise<string>> = {
    'is for another audience': () => issuer.token({ aud: 'another' }),
    'is for no audience': () => issuer.token({ aud: undefined as never }),
    'has expired': () => issuer.token({ iat: now() - 600, exp: now() - 61 }),
    'never expires': () => issuer.token({ exp: undefined as never }),
    'expires at no time': () => issuer.token({ exp: 'tomorrow' as never }),
    'is valid later': () => issuer.token({ nbf: now() + 120 }),
    'was issued in the future': () => issuer.token({ iat: now() + 120 }),
    'was issued at no time': () => issuer.token({ iat: undefined as never }),
    'was issued two days ago': () => issuer.token({ iat: now() - 172_800 }),
    'is of nobody': () => issuer.token({ sub: undefined as never }),
    'is of a sub that is no name': () => issuer.token({ sub: 'a\nb' }),
    'has a broken signature': async () => `${(await issuer.token()).slice(0, -8)}AAAAAAAA`,
    'names a key of nobody': () => issuer.token({}, { kid: 'key-9' }),
    'is signed by a stranger who took its names': async () => {
      const stranger = await startOidcIssuer()
      await stranger.stop()
      return stranger.token({ iss: issuer.url })
    },
    'has claims that were changed': async () => {
      const [header, , signature] = (await issuer.token()).split('.')
      const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'root', iat: now(), exp: now() + 60, groups: ['platform'] }
      return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    },
    'has an extension that must be understood': () => issuer.token({}, { crit: ['urgent'], urgent: true }),
  }
  for (const [what, make] of Object.entries(refused))
    it(`is refused when it ${what}`, async () => {
      expect(await outcome(await make())).to.equal('unauthenticated')
      expect(await outcome(await issuer.token())).to.equal('oidc:user-1')
    })

  it('makes nobody ask for keys when it is refused for what it says of itself', async () => {
    const claims = { iss: issuer.url, aud: AUDIENCE, sub: 'root', iat: now(), exp: now() + 60, groups: ['platform'] }
    const publicKey = JSON.stringify(await issuer.publicKey())
    const signed = assemble({ alg: 'HS256', kid: 'key-1' }, claims)
    const mac = createHmac('sha256', publicKey)
      .update(signed.slice(0, signed.lastIndexOf('.')))
      .digest()
    const tokens = [
      ...['none', 'None', 'NONE', '', 'HS512', 'RS1', 'ES256K', 'constructor', '__proto__'].map((alg) =>
        assemble({ alg, kid: 'key-1' }, claims),
      ),
      assemble({ kid: 'key-1' }, claims),
      assemble({ alg: ['RS256'], kid: 'key-1' }, claims),
      assemble({ alg: 'HS256', kid: 'key-1' }, claims, mac),
      await issuer.token({}, { jwk: await issuer.publicKey() }),
      await issuer.token({}, { jku: `${issuer.url}/keys` }),
      await issuer.token({}, { x5u: `${issuer.url}/keys` }),
      ...(await Promise.all(['vc+jwt', 'vp+jwt', 'logout+jwt', 'dpop+jwt'].map((typ) => issuer.token({}, { typ })))),
      assemble({ alg: 'RS256', typ: 7 }, claims),
      await issuer.token({ iss: `${issuer.url}/` }),
      await issuer.token({ iss: 'https://accounts.example' }),
      await issuer.token({ exp: now() - 61 }),
      'not.a.jwt',
      `${Buffer.from('null').toString('base64url')}.e30.e30`,
    ]
    for (const token of tokens) expect(await outcome(token), token).to.equal('unauthenticated')
    expect(issuer.asked).to.deep.equal([])
  })

  it('counts under a new key as soon as the cooldown lets its keys be asked for, and no longer under the old one', async () => {
    const prompt = authenticator({ cooldownMs: 200 })
    const old = await issuer.token()
    expect(await outcome(old, prompt)).to.equal('oidc:user-1')
    await issuer.rotate()
    const fresh = await issuer.token()
    await until(async () => (await outcome(fresh, prompt)) === 'oidc:user-1', 5_000)
    expect(await outcome(old, prompt)).to.equal('unauthenticated')
  })

  it('of unknown keys by the thousand makes the keys be asked for once', async () => {
    await outcome(await issuer.token())
    const tokens = await Promise.all(Array.from({ length: 200 }, (_, i) => issuer.token({}, { kid: `made-up-${i}` })))
    const outcomes = await Promise.all(tokens.map((token) => outcome(token)))
    expect(new Set(outcomes)).to.deep.equal(new Set(['unauthenticated']))
    expect(issuer.asked).to.deep.equal([DISCOVERY, JWKS])
  })

  describe('whose issuer', () => {
    const lies: Record<string, [path: string, document: () => unknown]> = {
      'fails at discovery': [DISCOVERY, () => undefined],
      'has no keys to show': [JWKS, () => undefined],
      'answers with no JSON': [DISCOVERY, () => '<html>'],
      'answers with no keys': [JWKS, () => ({ keys: 'none' })],
      'answers without end': [JWKS, () => JSON.stringify({ keys: [], padding: 'x'.repeat(300_000) })],
      'speaks for another': [DISCOVERY, () => ({ issuer: 'https://accounts.example', jwks_uri: issuer.url + JWKS })],
      'keeps its keys where anybody can change them': [
        DISCOVERY,
        () => ({ issuer: issuer.url, jwks_uri: 'http://keys.example/keys' }),
      ],
    }
    for (const [what, [path, document]] of Object.entries(lies))
      it(`${what} is unavailable, lets nobody in, and is not asked again at once`, async () => {
        issuer.lies.set(path, document())
        const token = await issuer.token({ groups: ['platform'] })
        expect(await outcome(token)).to.equal('oidc_unavailable')
        const asked = issuer.asked.length
        for (let i = 0; i < 20; i += 1) expect(await outcome(token)).to.equal('oidc_unavailable')
        expect(issuer.asked).to.have.lengthOf(asked)
      })

    it('does not answer in time is unavailable', async () => {
      const never = () => new Promise<never>(() => undefined)
      const waiting = authenticator({
        deadlineMs: 50,
        fetch: ((_url: string, init: RequestInit) =>
          Promise.race([never(), new Promise((_, reject) => init.signal!.addEventListener('abort', reject))])) as never,
      })
      expect(await outcome(await issuer.token(), waiting)).to.equal('oidc_unavailable')
    })

    it('is back is asked again, and nobody needs a restart', async () => {
      const patient = authenticator({ pauseMs: 100 })
      issuer.lies.set(JWKS, undefined)
      const token = await issuer.token()
      expect(await outcome(token, patient)).to.equal('oidc_unavailable')
      issuer.lies.clear()
      await until(async () => (await outcome(token, patient)) === 'oidc:user-1', 5_000)
    })

    it('is gone after its keys were learned still vouches by these keys', async () => {
      const token = await issuer.token()
      expect(await outcome(token)).to.equal('oidc:user-1')
      issuer.lies.set(JWKS, undefined)
      expect(await outcome(token)).to.equal('oidc:user-1')
    })
  })

  it('is refused with a reason for the log that tells none of its claims', async () => {
    const token = await issuer.token({ aud: 'another', email: 'somebody@example.com' })
    const error = await authenticate(token).then(
      () => expect.fail('accepted'),
      (refusal: DomainError) => refusal,
    )
    expect(error.reason).to.equal('a JWT was refused: ERR_JWT_CLAIM_VALIDATION_FAILED aud')
    expect(error.cause).to.equal(undefined)
  })
})
