import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'

type Env = Record<string, string | undefined>

/** What HTTPS is served with, as PEM; the certificate first, then those that lead to its authority. */
export interface TlsConfig {
  cert: string
  key: string
}

const CERT = 'CONSULATE_TLS_CERT'
const KEY = 'CONSULATE_TLS_KEY'

/** Reads and checks certificate and key; undefined when HTTP is served. Adds one line for each mistake. */
export function readTlsConfig(env: Env, mistakes: string[]): TlsConfig | undefined {
  if (env.CONSULATE_TLS)
    mistakes.push(`CONSULATE_TLS must be self-signed, under consulate, and not be given beside ${CERT} and ${KEY}`)
  if (!env[CERT] && !env[KEY]) return undefined
  const cert = readPem(env, CERT, KEY, mistakes)
  const key = readPem(env, KEY, CERT, mistakes)
  const certificate = cert && parse(CERT, () => new X509Certificate(cert), 'certificate', mistakes)
  const privateKey = key && parse(KEY, () => createPrivateKey(key), 'private key without a passphrase', mistakes)
  if (!cert || !key || !certificate || !privateKey) return undefined
  checkPair(certificate, privateKey, mistakes)
  return { cert, key }
}

function readPem(env: Env, name: string, other: string, mistakes: string[]): string | undefined {
  const file = env[name]
  if (!file) {
    mistakes.push(`${name} is missing; ${other} is of no use without it`)
    return undefined
  }
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    mistakes.push(`${name} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`)
    return undefined
  }
}

function parse<T>(name: string, read: () => T, expected: string, mistakes: string[]): T | undefined {
  try {
    return read()
  } catch {
    mistakes.push(`${name} names a file that is no ${expected} in PEM`)
    return undefined
  }
}

function checkPair(certificate: X509Certificate, key: KeyObject, mistakes: string[]): void {
  if (!certificate.checkPrivateKey(key)) mistakes.push(`${KEY} is not the key of the certificate that ${CERT} names`)
  if (certificate.validToDate.getTime() <= Date.now())
    mistakes.push(`${CERT} names a certificate that ended on ${certificate.validToDate.toISOString()}; renew it`)
}
