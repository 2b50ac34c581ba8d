import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { Env } from '../services/data-folder.ts'
import { ownCertificateFile, trustOwnCertificate } from '../services/own-certificate.ts'
import { writePrivateFile } from './private-file.ts'

const DAY_MS = 86_400_000
const DAYS = 365
const RENEW_DAYS = 30

/** For `CONSULATE_TLS=self-signed`: certificate and key in the data folder, which this process trusts from here on. */
export async function selfSignedTls(env: Env, folder: string): Promise<Env> {
  if (env.CONSULATE_TLS !== 'self-signed' || env.CONSULATE_TLS_CERT || env.CONSULATE_TLS_KEY) return env
  const cert = ownCertificateFile(folder)
  const key = join(folder, 'tls', 'key.pem')
  const names = ['localhost', '127.0.0.1', '::1', ...(env.CONSULATE_HOST ? [env.CONSULATE_HOST] : [])]
  if (!existsSync(key) || !isGood(cert, names)) {
    const made = await make(names)
    writePrivateFile(key, made.private)
    writePrivateFile(cert, made.cert)
  }
  trustOwnCertificate(folder)
  return { ...env, CONSULATE_TLS: undefined, CONSULATE_TLS_CERT: cert, CONSULATE_TLS_KEY: key }
}

function isGood(file: string, names: readonly string[]): boolean {
  if (!existsSync(file)) return false
  const certificate = new X509Certificate(readFileSync(file))
  const isNamed = names.every((name) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)))
  return isNamed && certificate.validToDate.getTime() - Date.now() > RENEW_DAYS * DAY_MS
}

function make(names: readonly string[]) {
  const altNames = [...new Set(names)].map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  )
  return generate([{ name: 'commonName', value: 'Consulate, self-signed' }], {
    keyType: 'ec',
    notAfterDate: new Date(Date.now() + DAYS * DAY_MS),
    extensions: [{ name: 'subjectAltName', altNames }],
  })
}
