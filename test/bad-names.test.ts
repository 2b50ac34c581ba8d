import { expect } from 'chai'
import { getAddress } from 'viem'
import { type Entrance, entrancesOf, ROLE } from './system/entrances.ts'
import { newSigner } from './system/forge.ts'
import { refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent } from './system/start-system.ts'
import { settled, storedState } from './system/stored-state.ts'

const KEY_DID = newSigner().did
const X25519_DID = 'did:key:z6LSbk7MN8NDFRJBo2wkq5sYG4XonrAvuJVkS4NaaDcbD6Th'
const ADDRESS = `0x${'ab'.repeat(20)}`

/** By the code that refuses it. */
const BAD_DIDS: Record<string, string[]> = {
  did_malformed: [
    'nobody',
    'did:',
    'did:key',
    `${KEY_DID}#key-1`,
    `${KEY_DID}?version=1`,
    `${KEY_DID}/../../admin`,
    `${KEY_DID.slice(0, -1)}0`,
    'did:ethr:0x7a69:0x1234',
    "did:key:' OR 1=1 --",
    '{"$ne":null}',
    'did:key:\u0000',
    'dіd:key:z6Mk',
  ],
  did_not_canonical: [
    `did:ethr:0x7a69:${getAddress(ADDRESS)}`,
    `did:ethr:0x7A69:${ADDRESS}`,
    `did:ethr:0x07a69:${ADDRESS}`,
    `did:ethr:31337:${ADDRESS}`,
    `did:ethr:0x7a69:0x02${'ab'.repeat(32)}`,
    KEY_DID.replace('did:', 'DID:'),
    KEY_DID.replace('key', 'KEY'),
    KEY_DID.replace(':z', ':u'),
  ],
  did_method_unsupported: ['did:example:123', 'did:constructor:x', 'did:key:z6Mk', X25519_DID],
  invalid_request: [`did:web:${'x'.repeat(600)}`],
}

describe('a name or a value that cannot be right', () => {
  let system: System
  let agent: TestAgent
  let entrances: Entrance[]
  let stored: string

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('target', ROLE)
    entrances = entrancesOf(system, agent)
    await settled(system)
    stored = storedState(system)
  })

  afterEach('nothing changed', () => {
    expect(storedState(system)).to.equal(stored)
  })

  after(() => system?.stop())

  it('is a DID in a path, at every route that takes one', async () => {
    for (const [code, dids] of Object.entries(BAD_DIDS))
      for (const did of dids)
        for (const { method, url, token, body } of didRoutes(encodeURIComponent(did))) {
          const answer = await send(url, { method, token, body })
          expect(refusalOf(answer), `${method} ${url}`).to.equal(`400 ${code}`)
        }
  })

  it('is a DID in another spelling, and the refusal shows the right one', async () => {
    const spelled = encodeURIComponent(`did:ethr:0x7a69:${getAddress(ADDRESS)}`)
    const answer = await send(`${system.issuer.url}/agents/${spelled}`, { method: 'DELETE', token: ADMIN_TOKEN })
    expect(JSON.parse(answer.text).detail).to.include(`did:ethr:0x7a69:${ADDRESS}`)
  })

  it('is a role that nobody defined, or that is no role name', async () => {
    const grant = (role: string) => refusalAt('/roles', { role, operator: 'ops' })
    expect(await grant('payments.owner')).to.equal('404 role_unknown')
    for (const role of [
      '',
      'Payments',
      'payments.',
      '.payments',
      'payments..x',
      'pаyments',
      'payments.*',
      'x'.repeat(300),
    ])
      expect(await grant(role), role).to.equal('400 invalid_request')
    const revoke = (role: string) =>
      send(`${system.issuer.url}/agents/${encodeURIComponent(agent.did)}/roles/${encodeURIComponent(role)}`, {
        method: 'DELETE',
        token: ADMIN_TOKEN,
      })
    expect(refusalOf(await revoke('payments.owner'))).to.equal('404 role_not_held')
    expect(refusalOf(await revoke('Payments'))).to.equal('400 invalid_request')
  })

  it('is a number out of range', async () => {
    for (const maxValiditySeconds of [0, -1, 1.5, 31_536_001])
      expect(await refusalAt('/roles/new.role', { description: 'x', maxValiditySeconds, sensitivity: 'low' })).to.equal(
        '400 invalid_request',
      )
    for (const validForSeconds of [0, -1, 0.5])
      expect(await refusalAt('/roles', { role: ROLE, operator: 'ops', validForSeconds })).to.equal(
        '400 invalid_request',
      )
    const tooLong = { role: ROLE, operator: 'ops', validForSeconds: 3601 }
    expect(await refusalAt('/roles', tooLong)).to.equal('422 validity_too_long')
  })

  it('is a text that is too long, empty, or not what it stands for', async () => {
    const refused: [string, object][] = [
      ['/roles/new.role', { description: '', maxValiditySeconds: 60, sensitivity: 'low' }],
      ['/roles/new.role', { description: 'x', maxValiditySeconds: 60, sensitivity: 'none' }],
      ['/roles', { role: ROLE, operator: '' }],
      ['/agents', { name: '' }],
      ['/agents', { name: 'x'.repeat(129) }],
      ['/agents', { name: '../../etc' }],
      ['/agents', { name: 'new agent', method: 'web' }],
      ['/presentations', { domain: 'two words', challenge: 'a-challenge-of-nobody' }],
      ['/presentations', { domain: DOMAIN, challenge: 'short' }],
      ['/presentations', { domain: DOMAIN, challenge: 'a-challenge-of-nobody', htm: 'get' }],
      ['/presentations', { domain: DOMAIN, challenge: 'a-challenge-of-nobody', htu: 'file:///etc/passwd' }],
      ['/presentations', { domain: DOMAIN, challenge: 'a-challenge-of-nobody', roles: [] }],
      ['/resource-servers', { name: 'new', domains: [] }],
      ['/resource-servers', { name: 'new', domains: [`https://${'x'.repeat(300)}`] }],
      ['/challenges', { domain: '' }],
      [issuerTrust(), { roles: ['pay*ments'], statusUrl: `${system.issuer.url}/status` }],
      [issuerTrust(), { roles: ['*.payments'], statusUrl: `${system.issuer.url}/status` }],
      [issuerTrust(), { roles: ['*'], statusUrl: 'ftp://issuer.example/status' }],
      ['/presentations/verify', { verifiablePresentation: 'x'.repeat(131_073), options: { domain: DOMAIN } }],
    ]
    for (const [path, body] of refused)
      expect(await refusalAt(path, body), JSON.stringify(body)).to.equal('400 invalid_request')
  })

  it('is a credential or a resource server that is not there', async () => {
    const nobodys = 'urn:uuid:00000000-0000-4000-8000-000000000000'
    const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' }
    const change = { credentialId: nobodys, credentialStatus, status: true }
    expect(await refusalAt('/credentials/status', change)).to.equal('404 credential_unknown')
    const read = await send(`${system.issuer.url}/credentials/${nobodys}`, { token: ADMIN_TOKEN })
    expect(refusalOf(read)).to.equal('404 credential_unknown')
    const list = await send(`${system.issuer.url}/status-lists/nothing`)
    expect(refusalOf(list)).to.equal('404 status_list_not_found')
    const server = { method: 'DELETE', token: ADMIN_TOKEN }
    expect(refusalOf(await send(`${system.verifier.url}/resource-servers/nothing`, server))).to.equal(
      '404 resource_server_unknown',
    )
  })

  const issuerTrust = () => `/trust/issuers/${encodeURIComponent(system.issuer.did)}`

  async function refusalAt(path: string, body: object): Promise<string> {
    const { url, method, token, verifies } = entrances.find((entrance) => entrance.url.endsWith(path))!
    const answer = await send(url, { method, token, body })
    return verifies ? verificationRefusalOf(answer) : refusalOf(answer)
  }

  function didRoutes(did: string) {
    const admin = ADMIN_TOKEN
    const { issuer, wallet, verifier } = system
    const trust = { roles: ['*'], statusUrl: `${issuer.url}/status` }
    const asked = { domain: DOMAIN, challenge: 'a-challenge-of-nobody' }
    const own = `${wallet.url}/agents/${did}`
    const { verifiableCredential } = agent.credential
    return [
      { method: 'GET', url: `${issuer.url}/agents/${did}`, token: admin },
      { method: 'POST', url: `${issuer.url}/agents/${did}/roles`, token: admin, body: { role: ROLE, operator: 'ops' } },
      { method: 'DELETE', url: `${issuer.url}/agents/${did}/roles/${ROLE}`, token: admin },
      { method: 'DELETE', url: `${issuer.url}/agents/${did}`, token: admin },
      { method: 'DELETE', url: own, token: admin },
      { method: 'GET', url: `${own}/credentials`, token: agent.token },
      { method: 'POST', url: `${own}/credentials`, token: agent.token, body: { verifiableCredential } },
      { method: 'POST', url: `${own}/presentations`, token: agent.token, body: asked },
      { method: 'GET', url: `${verifier.url}/trust/issuers/${did}`, token: admin },
      { method: 'PUT', url: `${verifier.url}/trust/issuers/${did}`, token: admin, body: trust },
      { method: 'DELETE', url: `${verifier.url}/trust/issuers/${did}`, token: admin },
    ]
  }
})
