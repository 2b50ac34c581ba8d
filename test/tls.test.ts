import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeCompactJws } from '@consulate/core'
import type { ConfigError } from '@consulate/server'
import { envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { generate } from 'selfsigned'
import { runCommand, runUp } from './system/consulate-process.ts'
import { send, verificationRefusalOf } from './system/http.ts'
import { writeInstances } from './system/instances.ts'
import { credentialOf } from './system/secure.ts'
import { selfSigned, trustCertificate } from './system/self-signed.ts'
import { type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

type Up = Awaited<ReturnType<typeof runUp>>

describe('HTTPS', () => {
  let folder: string
  let pem: { cert: string; key: string }

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-tls-'))
    pem = await selfSigned()
  })

  after(() => rmSync(folder, { recursive: true, force: true }))

  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }

  describe('with PEM files', () => {
    let system: System
    let distrust: () => void

    before(async () => {
      distrust = trustCertificate(pem.cert)
      const settings = { CONSULATE_TLS_CERT: file('cert.pem', pem.cert), CONSULATE_TLS_KEY: file('key.pem', pem.key) }
      system = await startSystem({ settings })
      await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    })

    after(async () => {
      await system?.stop()
      distrust()
    })

    it('is what each service speaks, and all that credentials name', async () => {
      for (const { url } of [system.issuer, system.wallet, system.verifier]) {
        expect(url).to.match(/^https:\/\/127\.0\.0\.1:\d+$/)
        expect((await fetch(`${url}/readyz`)).status).to.equal(200)
        const plain = await fetch(url.replace('https:', 'http:')).catch((error: Error) => error)
        expect(plain).to.be.instanceOf(Error)
      }
      const agent = await system.agentWith('secure', ROLE)
      const { payload } = decodeCompactJws(agent.credential.verifiableCredential, { maxBytes: 65_536 })
      for (const { statusListCredential } of payload.credentialStatus as { statusListCredential: string }[]) {
        expect(statusListCredential).to.match(/^https:/)
        expect((await fetch(statusListCredential)).status).to.equal(200)
      }
    })

    it('carries a role from its issue to its revocation', async () => {
      const agent = await system.agentWith('revoked', ROLE)
      expect((await system.present(agent)).roles[0]!.role).to.equal(ROLE)
      await system.clients.issuer.revokeRole(agent.did, ROLE)
      const code = () =>
        system.present(agent).then(
          () => 'none',
          (error) => error.code,
        )
      await until(async () => (await code()) === 'credential_revoked')
    })
  })

  describe('with a certificate of its own', () => {
    let data: string
    let instances: string
    before(() => {
      data = mkdtempSync(join(tmpdir(), 'consulate-tls-up-'))
      instances = writeInstances(data)
    })

    /** What an instance's verifier says of a credential of another's, before it was revoked and after. */
    async function issuedAndRevoked({ issuer, verifier, adminToken, verifierToken }: Up['endpoints']) {
      const post = (path: string, token: string | undefined, body: object) =>
        send(path, { method: 'POST', token, body })
      const { text } = await send(`${issuer}/instances/rdfc`)
      const credential = credentialOf(JSON.parse(text).issuer)
      const issued = await post(`${issuer}/instances/rdfc/credentials/issue`, adminToken, { credential })
      const verify = () => post(`${verifier}/instances/lax/credentials/verify`, verifierToken, JSON.parse(issued.text))
      const { status } = await verify()
      const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
      const change = { credentialId: credential.id, credentialStatus }
      await post(`${issuer}/instances/rdfc/credentials/status`, adminToken, change)
      return [status, verificationRefusalOf(await verify())]
    }

    after(() => rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))

    it('is served by consulate up, trusted by its own commands and by nobody else', async () => {
      const certificate = join(data, 'tls', 'certificate.pem')
      const up = await runUp(data, { CONSULATE_TLS: 'self-signed', CONSULATE_INSTANCES: instances })
      expect(statSync(join(data, 'tls', 'key.pem')).mode & 0o777).to.equal(0o600)
      expect(JSON.parse(await runCommand(data, 'role', 'create', ROLE, '--json'))).to.include({ role: ROLE })
      const { issuer } = up.endpoints
      const stranger = await fetch(`${issuer}/healthz`).catch((error) => error.cause.code)
      expect(stranger).to.equal('DEPTH_ZERO_SELF_SIGNED_CERT')
      const distrust = trustCertificate(readFileSync(certificate, 'utf8'))
      try {
        expect((await fetch(`${issuer}/healthz`)).status).to.equal(200)
        expect(await issuedAndRevoked(up.endpoints)).to.deep.equal([200, '400 credential_revoked'])
      } finally {
        distrust()
      }
      expect(await up.end('SIGTERM')).to.equal(0)
    })
  })

  describe('that cannot be served', () => {
    it('is refused at start, with one line for each mistake', async () => {
      const cert = file('good.pem', pem.cert)
      const key = file('good.key', pem.key)
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      const otherKey = file('other.key', other.export({ format: 'pem', type: 'pkcs8' }) as string)
      const past = { notBeforeDate: new Date('2020-01-01'), notAfterDate: new Date('2021-01-01') }
      const old = await generate([{ name: 'commonName', value: 'localhost' }], past)
      const missing = join(folder, 'missing.pem')
      const wrong: [Record<string, string>, RegExp[]][] = [
        [{ CONSULATE_TLS_CERT: cert }, [/^CONSULATE_TLS_KEY is missing; /]],
        [{ CONSULATE_TLS_KEY: key }, [/^CONSULATE_TLS_CERT is missing; /]],
        [
          { CONSULATE_TLS_CERT: missing, CONSULATE_TLS_KEY: missing },
          [/^CONSULATE_TLS_CERT names .*missing\.pem, which cannot be read \(ENOENT\)$/, /^CONSULATE_TLS_KEY names /],
        ],
        [
          { CONSULATE_TLS_CERT: key, CONSULATE_TLS_KEY: cert },
          [
            /^CONSULATE_TLS_CERT names a file that is no certificate/,
            /^CONSULATE_TLS_KEY names a file that is no private key/,
          ],
        ],
        [
          { CONSULATE_TLS_CERT: cert, CONSULATE_TLS_KEY: otherKey },
          [/^CONSULATE_TLS_KEY is not the key of the certificate/],
        ],
        [
          { CONSULATE_TLS_CERT: file('old.pem', old.cert), CONSULATE_TLS_KEY: file('old.key', old.private) },
          [/^CONSULATE_TLS_CERT names a certificate that ended on 2021-01-01/],
        ],
        [{ CONSULATE_TLS: 'yes' }, [/^CONSULATE_TLS must be self-signed/]],
        [
          { CONSULATE_TLS: 'self-signed', CONSULATE_TLS_CERT: cert, CONSULATE_TLS_KEY: key },
          [/^CONSULATE_TLS must be/],
        ],
      ]
      for (const [settings, expected] of wrong) {
        const lines = mistakesOf(settings)
        expect(lines, JSON.stringify(settings)).to.have.lengthOf(expected.length)
        for (const [i, pattern] of expected.entries()) expect(lines[i]).to.match(pattern)
        expect(lines.join()).not.to.include('PRIVATE KEY')
      }
    })
  })
})

function mistakesOf(settings: Record<string, string>): readonly string[] {
  const address = `0x${'1'.repeat(40)}`
  const right = {
    CONSULATE_VERIFIER_PORT: '0',
    CONSULATE_VERIFIER_DATABASE_URL: 'sqlite:verifier.sqlite',
    CONSULATE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64url'),
    CONSULATE_ADMIN_TOKEN: 'an-admin-token-0123456789',
    CONSULATE_RPC_URLS: 'http://127.0.0.1:8545',
    CONSULATE_CHAIN_ID: '31337',
    CONSULATE_DID_REGISTRY: address,
    CONSULATE_STATUS_REGISTRY: address,
  }
  try {
    verifierConfig({ ...right, ...settings })
    return []
  } catch (error) {
    return (error as ConfigError).mistakes
  }
}
