import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { buildPresentation } from '@consulate/core'
import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { generate } from 'selfsigned'
import { DATABASES } from './system/databases.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describe('did:web holders', () => {
  let system: System
  let host: Server
  let did: string
  let hits: string[]
  let document: object
  const authorities = tls.getCACertificates('default')

  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' })

  before(async () => {
    const { private: privateKey, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    })
    tls.setDefaultCACertificates([...authorities, cert])
    hits = []
    host = createServer({ key: privateKey, cert }, (request, response) => {
      hits.push(request.url!)
      response.end(JSON.stringify(document))
    })
    await once(host.listen(0, 'localhost'), 'listening')
    did = `did:web:localhost%3A${(host.address() as AddressInfo).port}:agents:bot`
    document = documentOf(key.publicKey)
    system = await startSystem({ settings: { CONSULATE_OUTGOING_ALLOW: 'localhost' } })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  beforeEach(() => {
    hits.length = 0
  })

  after(async () => {
    tls.setDefaultCACertificates(authorities)
    host?.close()
    host?.closeAllConnections()
    await system?.stop()
  })

  it('hold credentials and present them, with a key that their host names; it is asked once a minute', async () => {
    const credential = await issue()
    for (let time = 0; time < 3; time++) {
      const { holder, roles } = await verify([credential])
      expect([holder, roles[0]!.role]).to.deep.equal([did, ROLE])
    }
    expect(hits).to.deep.equal(['/agents/bot/did.json'])
  })

  it('are not looked up before a trusted issuer’s signature has named them', async () => {
    const elsewhere = did.replace('agents:bot', 'canary')
    const own = await issue()
    const [header, payload, signature] = own.split('.')
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString())
    claims.credentialSubject.id = elsewhere
    const forged = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
    expect(await refusal(verify([forged], elsewhere))).to.equal('signature_invalid')
    expect(await refusal(verify([own], elsewhere))).to.equal('subject_mismatch')
    expect(hits).to.be.empty
  })

  it('are refused with a key that their host does not name', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    expect(await refusal(verify([await issue()], did, stranger))).to.equal('signature_invalid')
  })

  it('are not looked up at an address that is not public, unless that host is allowed', async () => {
    const url = await DATABASES.SQLite(system.folder, 'guarded')
    const env = { ...system.env, CONSULATE_VERIFIER_DATABASE_URL: url, CONSULATE_OUTGOING_ALLOW: '' }
    const guarded = await startVerifier(verifierConfig(env))
    try {
      const admin = verifierAdminClient({ url: guarded.url, token: ADMIN_TOKEN })
      await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
      await until(async () => (await admin.trusted(system.issuer.did)).status !== null)
      const { token } = await admin.addResourceServer('guarded', [DOMAIN])
      const verifier = verifierClient({ url: guarded.url, token })
      expect(await refusal(verify([await issue()], did, key.privateKey, verifier))).to.equal('did_unresolvable')
      expect(hits).to.be.empty
    } finally {
      await guarded.stop()
    }
  })

  async function issue(): Promise<string> {
    const grant = { role: ROLE, operator: 'ops@example.com' }
    return (await system.clients.issuer.issueRole(did, grant)).verifiableCredential
  }

  async function verify(
    credentials: string[],
    holder = did,
    privateKey: KeyObject = key.privateKey,
    verifier: ReturnType<typeof verifierClient> = system.clients.verifier,
  ) {
    const { challenge } = await verifier.challenge(DOMAIN)
    const now = Math.floor(Date.now() / 1000)
    const presentation = buildPresentation({ holder, credentials, domain: DOMAIN, challenge, now })
    const token = signJws({ alg: 'ES256', typ: 'vp+jwt', kid: `${holder}#key` }, presentation, privateKey)
    return verifier.verifyPresentation(token, { domain: DOMAIN, challenge })
  }

  function documentOf(publicKey: KeyObject) {
    const publicKeyJwk = publicKey.export({ format: 'jwk' })
    const verificationMethod = [{ id: '#key', type: 'JsonWebKey', controller: did, publicKeyJwk }]
    return { '@context': ['https://www.w3.org/ns/did/v1'], id: did, verificationMethod, authentication: ['#key'] }
  }
})

/** With s in the lower half of the order, as the profile wants it. */
function signJws(header: object, payload: object, key: KeyObject): string {
  const input = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = BigInt(`0x${signature.toString('hex', 32)}`)
  const low = s > order / 2n ? order - s : s
  Buffer.from(low.toString(16).padStart(64, '0'), 'hex').copy(signature, 32)
  return `${input}.${signature.toString('base64url')}`
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error) => error.code as string,
  )
}
