import { z } from 'zod'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import { MAX_CREDENTIAL_BYTES } from '../credential/open-role-credential.ts'
import { envelope } from '../jose/envelope.ts'

/** A presentation's size limit, in bytes of its compact form. */
export const MAX_PRESENTATION_BYTES = 131_072

/** How many credentials one presentation may carry. */
export const MAX_CREDENTIALS = 8

/** How long a presentation may live, in seconds. */
export const MAX_PRESENTATION_LIFETIME = 120

const ENVELOPE_PREFIX = 'data:application/vc+jwt,'

const printable = /^[\x21-\x7e]+$/

/** The resource server a presentation is meant for: an origin such as `https://api.example`. */
export const domainSchema = z
  .string()
  .max(253)
  .regex(printable, 'a domain is printable ASCII, such as https://api.example')

export const challengeSchema = z.string().min(16).max(256).regex(printable, 'a challenge is printable ASCII')

/** HTTP method and URL the presentation is bound to, as in DPoP (RFC 9449 §4.2). */
export const htmSchema = z.string().regex(/^[A-Z]{1,16}$/, 'an HTTP method in capitals')
export const htuSchema = z.url({ protocol: /^https?$/ }).max(2048)

const contextSchema = z.tuple([z.literal(CREDENTIALS_V2)])

const envelopeSchema = z.strictObject({
  '@context': contextSchema,
  type: z.literal('EnvelopedVerifiableCredential'),
  id: z
    .string()
    .max(MAX_CREDENTIAL_BYTES + ENVELOPE_PREFIX.length)
    .startsWith(ENVELOPE_PREFIX),
})

/** The payload of a `vp+jwt` (VC-JOSE-COSE §3.1.2) under the strict profile. Times in seconds since 1970. */
export const presentationSchema = z.compile(
  z.strictObject({
    '@context': contextSchema,
    type: z.tuple([z.literal('VerifiablePresentation')]),
    id: z.string().max(256).optional(),
    holder: z.string().max(512).startsWith('did:'),
    verifiableCredential: z.array(envelopeSchema).min(1).max(MAX_CREDENTIALS),
    iss: z.string().max(512).optional(),
    aud: domainSchema,
    nonce: challengeSchema,
    iat: z.int().nonnegative(),
    exp: z.int().nonnegative(),
    htm: htmSchema.optional(),
    htu: htuSchema.optional(),
  }),
)

export type Presentation = z.infer<typeof presentationSchema>

/** The compact `vc+jwt` inside an `EnvelopedVerifiableCredential`. */
export function unwrap(envelope: Presentation['verifiableCredential'][number]): string {
  return envelope.id.slice(ENVELOPE_PREFIX.length)
}

export interface PresentationRequest {
  holder: string
  /** Compact `vc+jwt`s. */
  credentials: readonly string[]
  domain: string
  challenge: string
  htm?: string
  htu?: string
  /** Seconds since 1970. */
  now: number
}

/** The payload of a presentation that lives for two minutes from `now`. */
export function buildPresentation(request: PresentationRequest): Presentation {
  const { holder, credentials, domain, challenge, htm, htu, now } = request
  return {
    '@context': [CREDENTIALS_V2],
    type: ['VerifiablePresentation'],
    holder,
    verifiableCredential: credentials.map((token) => envelope('vc+jwt', token)),
    aud: domain,
    nonce: challenge,
    iat: now,
    exp: now + MAX_PRESENTATION_LIFETIME,
    ...(htm !== undefined && { htm }),
    ...(htu !== undefined && { htu }),
  }
}
