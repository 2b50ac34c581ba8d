import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'

const PREFIX = 'did:web:'
const AUTHORITY = /^([a-z0-9.-]{1,253})(?:%3A([1-9][0-9]{0,4}))?$/i
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
// URL parsers take a host whose last label looks like a number for an IPv4 address.
const IP_ADDRESS = /(^|\.)([0-9]+|0x[0-9a-f]*)$/
const PATH_SEGMENT = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/
const MAX_PORT = 65_535

/**
 * `canonicalDid` for a value that begins with `did:web:` (did:web §3.1): a lower-case host name, perhaps `%3A` and a port
 * other than 443, perhaps path segments. IP addresses, user info, `.`, `..` and other percent-encoding are malformed.
 */
export function canonicalWebDid(did: string): string {
  const [authority = '', ...path] = did.slice(PREFIX.length).split(':')
  const [, anyCaseHost = '', port] = AUTHORITY.exec(authority) ?? []
  const host = anyCaseHost.toLowerCase()
  if (!isHostName(host) || Number(port ?? 0) > MAX_PORT || !path.every((segment) => PATH_SEGMENT.test(segment))) {
    throw new DomainError(
      'did_malformed',
      `${quote(did)} is not a did:web; expected did:web:<host name>[%3A<port>][:<path segment>…].`,
    )
  }
  const canonical = spell(host, port, path)
  if (did !== canonical) throw new DomainError('did_not_canonical', `${quote(did)} must be written ${canonical}.`)
  return did
}

function isHostName(host: string): boolean {
  return host.split('.').every((label) => LABEL.test(label)) && !IP_ADDRESS.test(host)
}

/** The default port and a lone `.well-known` name the document that the bare host names. */
function spell(host: string, port: string | undefined, path: string[]): string {
  const authority = port === undefined || port === '443' ? host : `${host}%3A${port}`
  const segments = path.join(':') === '.well-known' ? [] : path
  return [PREFIX + authority, ...segments].join(':')
}
