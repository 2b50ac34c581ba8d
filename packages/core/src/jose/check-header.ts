import { canonicalDid } from '../did/canonical-did.ts'
import type { SignatureAlgorithm } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'

const FRAGMENT = /^[A-Za-z0-9._~-]{1,128}$/

/**
 * Checks a JOSE header under the strict profile (VC-JOSE-COSE §3.3, RFC 8725 §3): `typ` exact, `alg` one of EdDSA, ES256,
 * ES256K, `kid` an absolute DID URL whose DID is canonical, `cty` only the one that belongs to `typ`, nothing else.
 *
 * @throws DomainError `token_type_invalid`, `algorithm_not_allowed`, `header_not_allowed`; for the DID in `kid` as
 *   `canonicalDid` does
 */
export function checkHeader(
  header: Record<string, unknown>,
  { typ }: { typ: string },
): { alg: SignatureAlgorithm; kid: string } {
  if (header.typ !== typ) {
    throw new DomainError('token_type_invalid', `The token's typ is ${quote(header.typ)}; expected ${quote(typ)}.`)
  }
  const alg = checkAlgorithm(header.alg)
  for (const name of Object.keys(header)) checkMember(name)
  checkContentType(header.cty, typ)
  return { alg, kid: checkKeyId(header.kid) }
}

function checkAlgorithm(alg: unknown): SignatureAlgorithm {
  switch (alg) {
    case 'EdDSA':
    case 'ES256':
    case 'ES256K':
      return alg
    default:
      throw new DomainError(
        'algorithm_not_allowed',
        `The token's alg is ${quote(alg)}; allowed are EdDSA, ES256 and ES256K.`,
      )
  }
}

function checkMember(name: string): void {
  switch (name) {
    case 'alg':
    case 'cty':
    case 'kid':
    case 'typ':
      return
    default:
      throw notAllowed(`The token's header has ${quote(name)}; allowed are alg, kid, typ and cty.`)
  }
}

function checkContentType(cty: unknown, typ: string): void {
  if (cty === undefined) return
  if ((typ === 'vc+jwt' && cty === 'vc') || (typ === 'vp+jwt' && cty === 'vp')) return
  throw notAllowed(`The token's cty is ${quote(cty)}, which does not go with typ ${quote(typ)}; leave it out.`)
}

function checkKeyId(kid: unknown): string {
  const [did, fragment, ...rest] = typeof kid === 'string' ? kid.split('#', 3) : []
  if (typeof kid !== 'string' || did === undefined || !did.startsWith('did:')) {
    throw notAllowed(`The token's kid is ${quote(kid)}; expected an absolute DID URL, did:…#key.`)
  }
  if (fragment === undefined || rest.length > 0 || !FRAGMENT.test(fragment)) {
    throw notAllowed(`The token's kid ${quote(kid)} must name one key by a fragment of letters, digits and "._~-".`)
  }
  canonicalDid(did)
  return kid
}

function notAllowed(message: string): DomainError {
  return new DomainError('header_not_allowed', message)
}
