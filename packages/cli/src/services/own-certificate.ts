import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'

/** The certificate that `CONSULATE_TLS=self-signed` made in a data folder. */
export function ownCertificateFile(folder: string): string {
  return join(folder, 'tls', 'certificate.pem')
}

/** Has this process trust the certificate of the data folder, if it has made one, beside those it trusts anyway. */
export function trustOwnCertificate(folder: string): void {
  const file = ownCertificateFile(folder)
  if (!existsSync(file)) return
  const certificate = readFileSync(file, 'utf8')
  const trusted = tls.getCACertificates('default')
  if (!trusted.includes(certificate)) tls.setDefaultCACertificates([...trusted, certificate])
}
