import { randomUUID } from 'node:crypto'
import { decodeBitstring, getBit } from '@consulate/core'
import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { payloadOf } from './system/forge.ts'
import { type Request, refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { credentialOf, V2 } from './system/secure.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

const INSTANCES = {
  default: 'vc+jwt',
  rdfc: 'eddsa-rdfc-2022',
  jcs: 'eddsa-jcs-2022',
  jose: 'vc+jwt',
  ethr: 'eddsa-jcs-2022',
}

const STATUS = 'https://www.w3.org/ns/credentials/status'

// biome-ignore lint/suspicious/noExplicitAny: any document
type Json = any

describeOnEach('an issuer instance', (database) => {
  let system: System
  const issuers: Record<string, string> = {}

  before(async () => {
    system = await startSystem({ database, settings: { CONSULATE_OUTGOING_ALLOW: '127.0.0.1' } })
    for (const name of [...Object.keys(INSTANCES), 'open', 'bare'])
      issuers[name] = JSON.parse((await at(name, '')).text).issuer
  })
  after(() => system?.stop())

  const at = (name: string, path: string, request: Request = {}) =>
    send(`${system.issuer.url}/instances/${name}${path}`, { token: ADMIN_TOKEN, ...request })
  const post = (name: string, path: string, body: object, headers = {}) =>
    at(name, path, { method: 'POST', body, headers })
  const newCredential = (name: string, change: object = {}) =>
    credentialOf(issuers[name]!, { id: `urn:uuid:${randomUUID()}`, ...change })
  const issue = async (name: string, credential: object, options?: object): Promise<Json> => {
    const answer = await post(name, '/credentials/issue', { credential, ...(options && { options }) })
    expect(answer.status, answer.text).to.equal(201)
    return JSON.parse(answer.text).verifiableCredential
  }
  const refusal = async (name: string, credential: object) =>
    refusalOf(await post(name, '/credentials/issue', { credential }))
  const verify = async (verifiableCredential: object): Promise<string> => {
    const url = `${system.verifier.url}/instances/open/credentials/verify`
    const answer = await send(url, { method: 'POST', token: system.verifierToken, body: { verifiableCredential } })
    return answer.status === 200 ? 'verified' : verificationRefusalOf(answer)
  }
  const opened = (secured: Json): Json =>
    secured.type === 'EnvelopedVerifiableCredential' ? payloadOf(secured.id) : secured
  const setStatus = (name: string, credentialId: unknown, statusPurpose: string, status?: boolean) =>
    post(name, '/credentials/status', {
      credentialId,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
      ...(status !== undefined && { status }),
    })

  for (const [name, securing] of Object.entries(INSTANCES)) {
    describe(`called ${name} that secures with ${securing}`, () => {
      it('issues what a verifier takes, with entries in lists of its own', async () => {
        const credential = newCredential(name)
        const secured = await issue(name, credential)
        const { credentialStatus, proof, ...rest } = opened(secured)
        expect(rest).to.deep.equal(credential)
        if (securing === 'vc+jwt') expect(secured['@context']).to.deep.equal([V2])
        else
          expect(proof).to.include({
            type: 'DataIntegrityProof',
            cryptosuite: securing,
            proofPurpose: 'assertionMethod',
          })
        expect(credentialStatus.map((entry: Json) => entry.statusPurpose)).to.deep.equal(['revocation', 'suspension'])
        expect(await verify(secured)).to.equal('verified')
      })

      it('revokes for good', async () => {
        const credential = newCredential(name)
        const secured = await issue(name, credential)
        const revoked = await setStatus(name, credential.id, 'revocation')
        expect(JSON.parse(revoked.text)).to.include({ credentialId: credential.id, status: true })
        expect(await verify(secured)).to.equal('400 credential_revoked')
        expect((await setStatus(name, credential.id, 'revocation', true)).status).to.equal(200)
        expect(refusalOf(await setStatus(name, credential.id, 'revocation', false))).to.equal('409 revocation_is_final')
        expect(await verify(await issue(name, newCredential(name)))).to.equal('verified')
      })

      it('suspends, and lifts that again', async () => {
        const credential = newCredential(name)
        const secured = await issue(name, credential)
        await setStatus(name, credential.id, 'suspension', true)
        expect(await verify(secured)).to.equal('400 credential_suspended')
        await setStatus(name, credential.id, 'suspension', false)
        expect(await verify(secured)).to.equal('verified')
      })

      it('shows again what it issued, to the byte', async () => {
        const credential = newCredential(name)
        const secured = await issue(name, credential)
        const path = `/credentials/${encodeURIComponent(String(credential.id))}`
        expect(JSON.parse((await at(name, path)).text)).to.deep.equal({ verifiableCredential: secured })
        const other = name === 'jcs' ? 'jose' : 'jcs'
        expect(refusalOf(await at(other, path))).to.equal('404 credential_unknown')
      })

      it('serves its lists to anybody, secured as it secures the rest', async () => {
        const secured = await issue(name, newCredential(name))
        const [{ statusListCredential, statusListIndex }] = opened(secured).credentialStatus
        const answer = await fetch(statusListCredential)
        expect(answer.headers.get('content-type')).to.match(/^application\/json/)
        const list = opened(await answer.json())
        expect(list).to.include({ id: statusListCredential, issuer: issuers[name] })
        expect(list.type).to.include('BitstringStatusListCredential')
        expect(getBit(decodeBitstring(list.credentialSubject.encodedList), Number(statusListIndex))).to.equal(false)
        if (securing !== 'vc+jwt') expect(list.proof.cryptosuite).to.equal(securing)
        const headers = { 'If-None-Match': answer.headers.get('etag')! }
        expect((await fetch(statusListCredential, { headers })).status).to.equal(304)
        const bare = await fetch(statusListCredential, { headers: { Accept: 'application/vc+jwt' } })
        expect(bare.headers.get('content-type')).to.match(securing === 'vc+jwt' ? /vc\+jwt/ : /application\/json/)
      })

      it('serves its lists as they were, to the second', async () => {
        const credential = newCredential(name)
        const [{ statusListCredential: url, statusListIndex }] = opened(await issue(name, credential)).credentialStatus
        const bitAt = async (time: Date): Promise<[bit: boolean, validUntil: string]> => {
          const answer = await fetch(`${url}?timestamp=${encodeURIComponent(time.toISOString())}`)
          const { credentialSubject, validUntil } = opened(await answer.json())
          return [getBit(decodeBitstring(credentialSubject.encodedList), Number(statusListIndex)), validUntil]
        }
        const before = new Date()
        await until(async () => Date.now() - before.getTime() > 1_000)
        await setStatus(name, credential.id, 'revocation')
        const after = new Date()
        const [was, validUntil] = await bitAt(before)
        expect([was, (await bitAt(after))[0]]).to.deep.equal([false, true])
        expect(Date.parse(validUntil)).to.be.within(before.getTime(), after.getTime())
        for (const time of ['2020-01-01T00:00:00Z', new Date(Date.now() + 60_000).toISOString(), 'yesterday'])
          expect((await send(`${url}?timestamp=${encodeURIComponent(time)}`)).text, time).to.include(
            'https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR',
          )
      })

      it('issues once for one Idempotency-Key', async () => {
        const headers = { 'Idempotency-Key': randomUUID() }
        const body = { credential: newCredential(name) }
        const answers = await Promise.all(
          Array.from({ length: 5 }, () => post(name, '/credentials/issue', body, headers)),
        )
        expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).to.equal(1)
        expect(answers[0]!.status).to.equal(201)
      })

      const refused: Record<string, [code: string, change: object]> = {
        'without contexts': ['credential_malformed', { '@context': undefined }],
        'with another context first': [
          'credential_malformed',
          { '@context': ['https://www.w3.org/2018/credentials/v1'] },
        ],
        'with a context that is not known': ['context_unknown', { '@context': [V2, 'https://unknown.example/v1'] }],
        'with a type that no context defines': ['terms_undefined', { '@context': [V2] }],
        'without an issuer': ['credential_malformed', { issuer: undefined }],
        'of another issuer': ['issuer_mismatch', { issuer: 'did:example:other' }],
        'without a subject': ['credential_malformed', { credentialSubject: undefined }],
        'whose id is no URL': ['credential_malformed', { id: 'not a url' }],
        'whose status has no type': ['credential_malformed', { credentialStatus: { id: 'urn:x:y' } }],
        'whose beginning is no time': ['credential_malformed', { validFrom: '2024-01-01' }],
        'with a proof that has no type': ['proof_malformed', { proof: { created: '2024-01-01T00:00:00Z' } }],
      }
      for (const [what, [code, change]] of Object.entries(refused))
        it(`refuses a credential ${what}`, async () => {
          expect(await refusal(name, newCredential(name, change))).to.equal(`400 ${code}`)
        })
    })
  }

  it('keeps the status that its caller gave, before its own', async () => {
    const credentialStatus = { type: 'ExampleStatus', id: 'https://issuer.example/status/1' }
    const { credentialStatus: entries } = await issue('jcs', newCredential('jcs', { credentialStatus }))
    expect(entries).to.have.lengthOf(3)
    expect(entries[0]).to.deep.equal(credentialStatus)
    const bare = await issue('bare', newCredential('bare', { credentialStatus }))
    expect(bare.credentialStatus).to.deep.equal(credentialStatus)
    expect(await issue('bare', newCredential('bare'))).to.not.have.property('credentialStatus')
  })

  it('gives no index of a list twice, however many ask', async () => {
    const issued = await Promise.all(Array.from({ length: 20 }, () => issue('jcs', newCredential('jcs'))))
    const indices = issued.map(({ credentialStatus: [{ statusListIndex }] }) => statusListIndex)
    expect(new Set(indices).size).to.equal(20)
  })

  it('finds a credential without an id by the one that its caller chose', async () => {
    const credentialId = `urn:uuid:${randomUUID()}`
    const secured = await issue('jcs', newCredential('jcs', { id: undefined }), { credentialId })
    expect(secured).to.not.have.property('id')
    expect((await setStatus('jcs', credentialId, 'revocation')).status).to.equal(200)
    expect(await verify(secured)).to.equal('400 credential_revoked')
  })

  it('signs for others only where its file says so, and nobody verifies that', async () => {
    const foreign = credentialOf('did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2')
    expect(await refusal('jcs', foreign)).to.equal('400 issuer_mismatch')
    expect(await verify(await issue('open', foreign))).to.equal('400 key_not_found')
  })

  it('leaves a proof of somebody else beside its own', async () => {
    const proof = { type: 'DataIntegrityProof', proofPurpose: 'assertionMethod' }
    const secured = await issue('jcs', newCredential('jcs', { proof }))
    expect(secured.proof).to.have.lengthOf(2)
    expect(secured.proof[0]).to.deep.equal(proof)
  })

  it('shows the document of its did:web', async () => {
    const document = JSON.parse((await at('open', '/did.json')).text)
    const [method] = document.verificationMethod
    expect(document).to.include({ id: 'did:web:issuer.example:open' })
    expect(method).to.include({ type: 'Multikey', controller: document.id })
    expect(document.assertionMethod).to.deep.equal([method.id])
    const { proof } = await issue('open', newCredential('open'))
    expect(proof.verificationMethod).to.equal(method.id)
  })

  describe('without a name, which is the issuer itself', () => {
    const own = (path: string, body?: object) =>
      send(`${system.issuer.url}${path}`, { token: ADMIN_TOKEN, ...(body && { method: 'POST', body }) })
    const statusOf = (credentialId: unknown, status: boolean) => ({
      credentialId,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
      status,
    })

    before(() =>
      system.clients.issuer.putRole('payments.approver', {
        description: 'approves',
        maxValiditySeconds: 60,
        sensitivity: 'high',
      }),
    )

    it('issues, shows and revokes as the instance that is called default', async () => {
      const credential = newCredential('default')
      expect(credential.issuer).to.equal(system.issuer.did)
      const answer = await own('/credentials/issue', { credential })
      expect(answer.status, answer.text).to.equal(201)
      const path = `/credentials/${encodeURIComponent(String(credential.id))}`
      for (const shown of [await own(path), await at('default', path)]) expect(shown.text).to.equal(answer.text)
      const { verifiableCredential } = JSON.parse(answer.text)
      expect(await verify(verifiableCredential)).to.equal('verified')
      const revoked = await own('/credentials/status', statusOf(credential.id, true))
      expect(JSON.parse(revoked.text)).to.deep.equal(statusOf(credential.id, true))
      expect(await verify(verifiableCredential)).to.equal('400 credential_revoked')
      const lifted = await own('/credentials/status', statusOf(credential.id, false))
      expect(refusalOf(lifted)).to.equal('409 revocation_is_final')
      const unknown = statusOf(`urn:uuid:${randomUUID()}`, true)
      expect(refusalOf(await own('/credentials/status', unknown))).to.equal('404 credential_unknown')
    })

    it('issues nothing that passes for a role, or for its status list, whatever it is called', async () => {
      const granted = await system.agentWith('holder', 'payments.approver')
      const role: Json = payloadOf(granted.credential.verifiableCredential)
      const { iat: _, ...withoutTimes } = role
      const subject = { credentialSubject: { id: 'urn:x:y' } }
      const alias = (type: string) => ({
        '@context': [V2, { Other: type }],
        type: ['VerifiableCredential', 'Other'],
        ...subject,
      })
      const list = ['VerifiableCredential', 'BitstringStatusListCredential']
      for (const [why, change] of [
        ['AgentRoleCredential is issued here', withoutTimes],
        ['AgentRoleCredential is issued here', { ...withoutTimes, id: undefined, credentialStatus: undefined }],
        ['AgentRoleCredential is issued here', alias('urn:consulate:vocabulary#AgentRoleCredential')],
        ['BitstringStatusListCredential is issued here', { '@context': [V2], type: list, ...subject }],
        ['BitstringStatusListCredential is issued here', alias(`${STATUS}#BitstringStatusListCredential`)],
        ['its member iat would be read as a claim', role],
        ['is the id of a role', { id: granted.credential.id }],
      ] as const) {
        const answer = await own('/credentials/issue', { credential: newCredential('default', change) })
        expect(answer.status, answer.text).to.equal(400)
        expect(answer.text).to.include(why)
      }
      const { credential } = await system.agentWith('another holder', 'payments.approver')
      const named = { credential: newCredential('default'), options: { credentialId: credential.id } }
      expect(refusalOf(await own('/credentials/issue', named))).to.equal('400 invalid_request')
    })

    it('leaves roles as they are: no verifier takes anything else for one, and they are revoked as ever', async () => {
      const { verifiableCredential } = JSON.parse(
        (await own('/credentials/issue', { credential: newCredential('default') })).text,
      )
      const token = String(verifiableCredential.id).split(',')[1]!
      const strict = (credential: string) =>
        send(`${system.verifier.url}/credentials/verify`, {
          method: 'POST',
          token: system.verifierToken,
          body: { verifiableCredential: credential },
        })
      expect(verificationRefusalOf(await strict(token))).to.equal('400 credential_malformed')
      const { credential } = await system.agentWith('a third holder', 'payments.approver')
      expect((await strict(credential.verifiableCredential)).status).to.equal(200)
      const revoked = JSON.parse((await own('/credentials/status', statusOf(credential.id, true))).text)
      expect(revoked.head.version).to.be.greaterThan(0)
      expect(JSON.parse((await own(`/credentials/${credential.id}`)).text).status.revoked).to.equal(true)
    })
  })

  for (const claim of ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce', 'cnf', 'vc', 'vp'])
    it(`puts no ${claim} of its caller among the claims of a JWT`, async () => {
      expect(await refusal('jose', newCredential('jose', { [claim]: 'x' }))).to.equal('400 credential_malformed')
    })

  it('with a did:ethr has one of its own on the chain, where its key stands', async () => {
    expect(issuers.ethr)
      .to.match(/^did:ethr:0x7a69:0x[0-9a-f]{40}$/)
      .and.not.equal(system.issuer.did)
    const { verificationMethod } = JSON.parse((await at('ethr', '')).text)
    const url = `${system.verifier.url}/1.0/identifiers/${encodeURIComponent(issuers.ethr!)}`
    const { didDocument } = JSON.parse((await send(url, { token: system.verifierToken })).text)
    expect(didDocument.assertionMethod).to.include(verificationMethod)
    expect((await issue('ethr', newCredential('ethr'))).proof.verificationMethod).to.equal(verificationMethod)
  })

  it('knows nothing of what is not there', async () => {
    const credential = newCredential('jcs')
    expect(refusalOf(await post('nothing', '/credentials/issue', { credential }))).to.equal('404 instance_unknown')
    expect(refusalOf(await at('constructor', ''))).to.equal('404 instance_unknown')
    expect(refusalOf(await at('jcs', '/status-lists/revocation-2'))).to.equal('404 status_list_not_found')
    expect(refusalOf(await setStatus('jcs', 'urn:x:nothing', 'revocation'))).to.equal('404 credential_unknown')
    await issue('bare', { ...credential, issuer: issuers.bare })
    expect(refusalOf(await setStatus('bare', credential.id, 'revocation'))).to.equal('404 credential_unknown')
    for (const body of [
      {},
      { credential: 7 },
      { credential, options: { typo: 1 } },
      { verifiableCredential: credential },
    ])
      expect(refusalOf(await post('jcs', '/credentials/issue', body))).to.equal('400 invalid_request')
  })

  it('is the same after a restart', async () => {
    const issued = new Map<string, [credential: Json, secured: Json]>()
    for (const name of ['rdfc', 'ethr']) {
      const credential = newCredential(name)
      issued.set(name, [credential, await issue(name, credential)])
      await setStatus(name, credential.id, 'revocation')
    }
    const again = await startIssuer(issuerConfig(system.env))
    try {
      for (const [name, [credential, secured]] of issued) {
        const path = `/instances/${name}/credentials/${encodeURIComponent(credential.id)}`
        const shown = await send(again.url + path, { token: ADMIN_TOKEN })
        expect(JSON.parse(shown.text).verifiableCredential).to.deep.equal(secured)
      }
    } finally {
      await again.stop()
    }
  })
})
