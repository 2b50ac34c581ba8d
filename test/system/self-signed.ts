import tls from 'node:tls'
import { generate } from 'selfsigned'

/** A certificate for `localhost` and 127.0.0.1, and the key of it, as PEM. */
export async function selfSigned(): Promise<{ cert: string; key: string }> {
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
  ] as const
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [...altNames] }],
  })
  return { cert, key }
}

/** Has this process trust the certificate, until what is returned is called. */
export function trustCertificate(cert: string): () => void {
  const before = tls.getCACertificates('default')
  tls.setDefaultCACertificates([...before, cert])
  return () => tls.setDefaultCACertificates(before)
}
