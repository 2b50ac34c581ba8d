import { buildPresentation } from '@consulate/core'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { forge, newSigner } from './system/forge.ts'
import { send, verificationRefusalOf } from './system/http.ts'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'

const FLIPS = 48

describe('a token that was altered on its way', () => {
  const holder = newSigner()
  let system: System
  let credential: string
  let challenge: string
  let stored: string

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    const issued = await system.clients.issuer.issueRole(holder.did, { role: ROLE, operator: 'ops@example.com' })
    credential = issued.verifiableCredential
    await settled(system)
    challenge = await newChallenge()
    stored = storedState(system)
  })

  afterEach('the right one is accepted still, for the same challenge', async () => {
    expect(storedState(system)).to.equal(stored)
    expect(await outcome(present(credential))).to.equal('accepted')
    challenge = await newChallenge()
    stored = storedState(system)
  })

  after(() => system?.stop())

  for (const part of ['header', 'payload', 'signature'] as const) {
    it(`is refused as a presentation after any bit of its ${part} was flipped`, async () => {
      for (const altered of flipped(present(credential), part)) await expectRefusal(altered)
    })

    it(`is refused inside a presentation after any bit of the credential’s ${part} was flipped`, async () => {
      for (const altered of flipped(credential, part)) await expectRefusal(present(altered))
    })

    it(`is refused as a credential on its own after any bit of its ${part} was flipped`, async () => {
      for (const altered of flipped(credential, part))
        expect(await answerTo('/credentials/verify', { verifiableCredential: altered })).to.match(/^400 /)
    })
  }

  it('is refused when its signature is missing, cut, longer, another’s, or spelled in another way', async () => {
    const [header, payload, signature] = present(credential).split('.') as [string, string, string]
    const other = present(credential, { iat: 1 }).split('.')[2]
    const bytes = Buffer.from(signature, 'base64url')
    const cut = bytes.subarray(0, 63).toString('base64url')
    const longer = Buffer.concat([bytes, Buffer.of(0)]).toString('base64url')
    const zero = Buffer.alloc(64).toString('base64url')
    for (const wrong of ['', cut, longer, zero, other, `${signature}=`, `${signature}\n`, stray(signature)])
      await expectRefusal(`${header}.${payload}.${wrong}`)
    for (const wrong of [
      `${header}.${payload}`,
      `${header}.${payload}.${signature}.`,
      `.${payload}.${signature}`,
      '..',
    ])
      await expectRefusal(wrong)
  })

  it('is refused when it says which key or algorithm to believe', async () => {
    const jwk = holder.privateKey.export({ format: 'jwk' })
    const headers: object[] = [
      ...['none', 'None', 'NONE', 'HS256', 'RS256', 'ES256', 'constructor', '__proto__', null].map((alg) => ({ alg })),
      { jwk: { kty: jwk.kty, crv: jwk.crv, x: jwk.x } },
      { jku: `${system.issuer.url}/status/head` },
      { x5u: `${system.issuer.url}/status/head` },
      { crit: ['exp'], exp: 1 },
      { crit: [] },
      { b64: false },
      { zip: 'DEF' },
      { kid: holder.kid.split('#')[1] },
      { kid: holder.did },
      { kid: `${holder.did}#` },
      { kid: '../../etc/passwd' },
      { kid: newSigner().kid },
    ]
    for (const header of headers) await expectRefusal(present(credential, {}, header))
  })

  it('is refused when its JSON could be read in two ways, or is deep', async () => {
    const payload = Buffer.from(present(credential).split('.')[1]!, 'base64url').toString()
    const sign = (text: string) => {
      const token = forge(holder, 'vp+jwt', {})
      return `${token.split('.')[0]}.${Buffer.from(text).toString('base64url')}.${token.split('.')[2]}`
    }
    const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    for (const member of ['"holder":"did:web:evil.example"', '"__proto__":{}', `"x":${nested}`])
      expect(await outcome(sign(`${payload.slice(0, -1)},${member}}`))).to.equal('400 token_malformed')
  })

  const newChallenge = async () => (await system.clients.verifier.challenge(DOMAIN)).challenge

  function present(token: string, change = {}, header = {}): string {
    const now = Math.floor(Date.now() / 1000)
    const presentation = buildPresentation({ holder: holder.did, credentials: [token], domain: DOMAIN, challenge, now })
    return forge(holder, 'vp+jwt', { ...presentation, ...change }, header)
  }

  async function expectRefusal(verifiablePresentation: string): Promise<void> {
    expect(await outcome(verifiablePresentation), verifiablePresentation).to.match(/^400 /)
  }

  const outcome = (verifiablePresentation: string) =>
    answerTo('/presentations/verify', { verifiablePresentation, options: { domain: DOMAIN, challenge } })

  async function answerTo(path: string, body: object): Promise<string> {
    const url = `${system.verifier.url}${path}`
    const answer = await send(url, { method: 'POST', token: system.verifierToken, body })
    return answer.status === 200 ? 'accepted' : verificationRefusalOf(answer)
  }
})

/** The token with one bit of this part flipped, for bits spread over the whole part; still base64url. */
function flipped(token: string, part: 'header' | 'payload' | 'signature'): string[] {
  const parts = token.split('.')
  const at = ['header', 'payload', 'signature'].indexOf(part)
  const bits = Buffer.from(parts[at]!, 'base64url').length * 8
  return Array.from({ length: FLIPS }, (_, i) => {
    const bytes = Buffer.from(parts[at]!, 'base64url')
    const bit = Math.floor((i * bits) / FLIPS)
    bytes[bit >> 3]! ^= 1 << (bit & 7)
    return parts.with(at, bytes.toString('base64url')).join('.')
  })
}

/** The same bytes in base64url whose last character carries bits that stand for nothing. */
function stray(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return `${text.slice(0, -1)}${alphabet[alphabet.indexOf(text.at(-1)!) + 1]}`
}
