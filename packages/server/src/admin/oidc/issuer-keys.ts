import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose'
import { z } from 'zod'
import { isLoopback } from '../../http/is-secure.ts'
import { createFetchDocument, type FetchDocument, type FetchOptions } from './fetch-document.ts'

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }).max(2048) })
const jwksSchema = z.object({ keys: z.array(z.looseObject({})).max(100) })

export interface IssuerKeysOptions extends FetchOptions {
  /** A key id that is not known makes the keys be fetched anew, but no sooner than this after the last time. */
  cooldownMs?: number
}

/**
 * Finds the keys of an OIDC issuer when they are first asked for (OpenID Connect Discovery 1.0 §4). Keys serve for ten
 * minutes without asking again. Throws `oidc_unavailable` while the issuer does not answer, or not as it should.
 */
export function createIssuerKeys(issuer: string, options: IssuerKeysOptions = {}): () => Promise<RemoteJWKSet> {
  const fetchDocument = createFetchDocument(options)
  let finding: Promise<RemoteJWKSet> | undefined
  return () => {
    finding ??= find(issuer, fetchDocument, options.cooldownMs).catch((error) => {
      finding = undefined
      throw error
    })
    return finding
  }
}

async function find(issuer: string, fetchDocument: FetchDocument, cooldownMs = 30_000): Promise<RemoteJWKSet> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const jwksUrl = await fetchDocument(url, (json) => jwksUrlOf(discoverySchema.parse(json), issuer))
  return createRemoteJWKSet(jwksUrl, {
    cooldownDuration: cooldownMs,
    [customFetch]: async (jwks) => Response.json(await fetchDocument(jwks, (json) => jwksSchema.parse(json))),
  })
}

function jwksUrlOf({ issuer: named, jwks_uri }: z.infer<typeof discoverySchema>, issuer: string): URL {
  if (named !== issuer) throw new Error(`it speaks for another issuer, ${named}`)
  const jwksUrl = new URL(jwks_uri)
  if (jwksUrl.protocol !== 'https:' && !bothOnThisMachine(jwksUrl, new URL(issuer)))
    throw new Error(`its jwks_uri is not https: ${jwksUrl.href}`)
  return jwksUrl
}

/** A public issuer must not send us to a port of our own machine. */
function bothOnThisMachine(jwksUrl: URL, issuer: URL): boolean {
  return isLoopback(jwksUrl.hostname) && issuer.protocol === 'http:' && isLoopback(issuer.hostname)
}
