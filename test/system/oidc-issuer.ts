import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export const AUDIENCE = 'consulate'

type Signer = Awaited<ReturnType<typeof generateKeyPair>> & { kid: string; alg: string }

/** A small OIDC issuer on a free port of this machine: discovery, keys, and tokens signed with them. */
export interface OidcIssuer {
  url: string
  /** Paths that were asked for, in order. */
  asked: string[]
  /** What its two documents say instead of the truth; `undefined` makes it answer with 500. */
  lies: Map<string, unknown>
  /** From now on it signs with another key, and publishes that one alone. */
  rotate(alg?: string): Promise<void>
  /** The public key that it publishes. */
  publicKey(): Promise<JWK>
  /** A token for `AUDIENCE` that lives for five minutes, unless the claims say otherwise; undefined removes a claim. */
  token(claims?: JWTPayload, header?: Record<string, unknown>): Promise<string>
  stop(): Promise<void>
}

const DISCOVERY = '/.well-known/openid-configuration'
const JWKS = '/keys'

export async function startOidcIssuer(alg = 'RS256'): Promise<OidcIssuer> {
  const asked: string[] = []
  const lies = new Map<string, unknown>()
  let keyCount = 0
  const newSigner = async (algorithm: string): Promise<Signer> => {
    keyCount += 1
    return { ...(await generateKeyPair(algorithm, { extractable: true })), kid: `key-${keyCount}`, alg: algorithm }
  }
  let signer = await newSigner(alg)
  const publicKey = async () => ({
    ...(await exportJWK(signer.publicKey)),
    kid: signer.kid,
    alg: signer.alg,
    use: 'sig',
  })

  const server = createServer(async (request, response) => {
    const path = request.url!
    asked.push(path)
    const truth: Record<string, unknown> = {
      [DISCOVERY]: { issuer: url, jwks_uri: url + JWKS, response_types_supported: ['code'] },
      [JWKS]: { keys: [await publicKey()] },
    }
    const answer = lies.has(path) ? lies.get(path) : truth[path]
    response.writeHead(answer === undefined ? 500 : 200, { 'Content-Type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    asked,
    lies,
    publicKey,
    async rotate(algorithm = alg) {
      signer = await newSigner(algorithm)
    },
    token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000)
      const right = { iss: url, aud: AUDIENCE, sub: 'user-1', iat: now, exp: now + 300 }
      return new SignJWT({ ...right, ...claims })
        .setProtectedHeader({ alg: signer.alg, kid: signer.kid, typ: 'JWT', ...header })
        .sign(signer.privateKey, { crit: { urgent: true } })
    },
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A JWT of any header and claims, with a signature that somebody else made. */
export function assemble(header: object, claims: object, signature: Uint8Array | string = 'x'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(header)}.${part(claims)}.${Buffer.from(signature).toString('base64url')}`
}
