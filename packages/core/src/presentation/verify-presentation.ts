import { CLOCK_SKEW } from '../credential/verify-role-credential.ts'
import type { SignatureAlgorithm } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { checkHeader } from '../jose/check-header.ts'
import { decodeCompactJws } from '../jose/compact-jws.ts'
import { verifySignature } from '../jose/verify-signature.ts'
import { describeIssue } from '../json/describe-issue.ts'
import type { ChallengePorts, VerificationPorts } from './ports.ts'
import {
  MAX_PRESENTATION_BYTES,
  MAX_PRESENTATION_LIFETIME,
  type Presentation,
  presentationSchema,
  unwrap,
} from './presentation.ts'
import { describeRoles, type VerifiedRoles } from './verified-roles.ts'
import { type CheckedCredential, checkCredential, checkStatusOf } from './verify-credential.ts'

/** What the resource server demands, taken from its own knowledge and never from the presentation. */
export interface PresentationDemand {
  domain: string
  challenge: string
  /** The request the presentation must be bound to (RFC 9449 §4.2), when the resource server asks for that. */
  htm?: string
  htu?: string
}

export interface VerifiedPresentation extends VerifiedRoles {
  holder: string
}

interface OpenedPresentation {
  presentation: Presentation
  alg: SignatureAlgorithm
  kid: string
  signingInput: Buffer
  signature: Buffer
}

/**
 * Decides whether a compact `vp+jwt` (VC-JOSE-COSE §3.1.2) proves, to this resource server and for this challenge, that
 * its holder has the roles in it. The only way in: local and cheap checks first, the challenge is used up only for a
 * presentation that is otherwise right, and status comes last. Throws a DomainError with the code of the first thing
 * that is wrong; nothing is allowed unless this returns.
 */
export async function verifyPresentation(
  ports: VerificationPorts & ChallengePorts,
  token: string,
  demand: PresentationDemand,
): Promise<VerifiedPresentation> {
  const opened = openPresentation(token)
  const { presentation } = opened
  checkPeriod(presentation, ports.now())
  checkAudience(presentation, demand)
  ports.checkChallenge(demand.challenge, demand.domain)
  const credentials = checkCredentials(ports, presentation)
  await checkHolder(ports, opened)
  checkRequest(presentation, demand)
  await ports.consumeChallenge(demand.challenge)
  const status = credentials.map((credential) => checkStatusOf(ports, credential))
  const roles = credentials.map((credential) => credential.read)
  return { holder: presentation.holder, ...describeRoles(roles, status) }
}

function openPresentation(token: string): OpenedPresentation {
  const { header, payload, signingInput, signature } = decodeCompactJws(token, { maxBytes: MAX_PRESENTATION_BYTES })
  const { alg, kid } = checkHeader(header, { typ: 'vp+jwt' })
  const parsed = presentationSchema.safeParse(payload)
  if (!parsed.success)
    throw new DomainError('presentation_malformed', `Not a presentation: ${describeIssue(parsed.error)}.`)
  return { presentation: parsed.data, alg, kid, signingInput, signature }
}

function checkPeriod({ iat, exp }: Presentation, now: number): void {
  if (iat > now + CLOCK_SKEW)
    throw new DomainError('presentation_not_yet_valid', 'The presentation was signed in the future; check the clock.')
  if (exp <= now - CLOCK_SKEW)
    throw new DomainError('presentation_expired', 'The presentation has expired; make a new one for a new challenge.')
  if (exp <= iat || exp - iat > MAX_PRESENTATION_LIFETIME)
    throw new DomainError(
      'presentation_lifetime_too_long',
      `A presentation lives for 1 to ${MAX_PRESENTATION_LIFETIME} seconds (exp − iat), not ${exp - iat}.`,
    )
}

function checkAudience({ aud, nonce }: Presentation, { domain, challenge }: PresentationDemand): void {
  if (aud !== domain)
    throw new DomainError('domain_mismatch', `The presentation is meant for ${aud}, not for ${domain}.`)
  if (nonce !== challenge)
    throw new DomainError('challenge_mismatch', 'The presentation answers another challenge than the one given.')
}

function checkCredentials(ports: VerificationPorts, presentation: Presentation): CheckedCredential[] {
  return presentation.verifiableCredential.map((envelope) => {
    const checked = checkCredential(ports, unwrap(envelope))
    if (checked.read.credential.credentialSubject.id !== presentation.holder)
      throw new DomainError(
        'subject_mismatch',
        `The presentation's holder ${presentation.holder} is not the subject of the credential in it.`,
      )
    return checked
  })
}

/**
 * Runs only after a trusted issuer's signature has named the holder, so nobody else can make us resolve a DID. The holder
 * is a credential's subject by now, and its DID therefore canonical.
 */
async function checkHolder(ports: VerificationPorts, opened: OpenedPresentation): Promise<void> {
  const { presentation, alg, kid, signingInput, signature } = opened
  const { holder } = presentation
  if (kid.slice(0, kid.indexOf('#')) !== holder || (presentation.iss ?? holder) !== holder)
    throw new DomainError('holder_mismatch', `The presentation's holder is ${holder} but ${kid} signed it.`)
  const keys = await ports.holderKeys(holder)
  const method = keys.verificationMethods.get(kid)
  if (!method) throw new DomainError('key_not_found', `${kid} does not stand in the holder's DID document.`)
  if (!method.purposes.has('authentication'))
    throw new DomainError('key_not_authorized', `${kid} may not sign presentations (it is no authentication key).`)
  verifySignature(method, alg, signingInput, signature)
}

function checkRequest({ htm, htu }: Presentation, demand: PresentationDemand): void {
  const sameMethod = demand.htm === undefined || htm === demand.htm
  const sameUrl = demand.htu === undefined || (htu !== undefined && isSameUrl(htu, demand.htu))
  if (sameMethod && sameUrl) return
  const isBound = htm !== undefined || htu !== undefined
  throw new DomainError(
    'request_mismatch',
    isBound
      ? 'The presentation is bound to another request (htm, htu) than this one.'
      : 'The presentation is bound to no request, and this resource server asks for that: present anew with htm and htu.',
  )
}

/** As RFC 9449 §4.3 compares: normalized by scheme and syntax, here as WHATWG URLs are, and without query and fragment. */
function isSameUrl(a: string, b: string): boolean {
  const [one, other] = [a, b].map((text) => {
    const url = URL.parse(text)
    if (url) Object.assign(url, { search: '', hash: '' })
    return url?.href
  })
  return one !== undefined && one === other
}
