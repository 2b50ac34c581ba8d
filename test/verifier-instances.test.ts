import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildStatusListCredential, emptyBitstring, encodeBitstring, withBit } from '@consulate/core'
import { verifierClient } from '@consulate/sdk'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { newSigner } from './system/forge.ts'
import { refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { writeInstances } from './system/instances.ts'
import { credentialOf, MECHANISMS, secureCredential, securePresentation, V2 } from './system/secure.ts'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'

const issuer = newSigner()
const holder = newSigner()
const stranger = newSigner()

describe('a verifier instance', () => {
  let system: System
  let url: string
  let stop: () => Promise<void>
  const lists = createServer((request, response) => {
    const list = served.get(request.url!)
    response.writeHead(list === undefined ? 404 : 200, { 'Content-Type': 'application/json' }).end(list)
  })
  const served = new Map<string, string>()
  let listsUrl: string

  before(async () => {
    await once(lists.listen(0, '127.0.0.1'), 'listening')
    const { port } = lists.address() as AddressInfo
    listsUrl = `http://127.0.0.1:${port}`
    system = await startSystem()
    const instances = {
      issuers: { left: 'to the issuer' },
      verifiers: {
        open: { trust: 'anyone', challenges: 'issued', proofOnly: true },
        strict: { trust: [issuer.did] },
        given: { trust: [issuer.did], challenges: 'given' },
        optional: { trust: [issuer.did], challenges: 'optional' },
      },
    }
    const verifier = await startVerifier(
      verifierConfig({
        ...system.env,
        CONSULATE_INSTANCES: writeInstances(system.folder, instances),
        CONSULATE_OUTGOING_ALLOW: `127.0.0.1:${port}`,
      }),
    )
    url = verifier.url
    stop = verifier.stop
  })
  after(async () => {
    lists.close()
    await stop?.()
    await system?.stop()
  })

  const post = (path: string, body: object) =>
    send(`${url}/instances/${path}`, { method: 'POST', token: system.verifierToken, body })
  const outcome = async (path: string, body: object): Promise<string> => {
    const answer = await post(path, body)
    return answer.status === 200 ? 'verified' : verificationRefusalOf(answer)
  }
  const verify = (verifiableCredential: unknown, options?: object, instance = 'strict') =>
    outcome(`${instance}/credentials/verify`, { verifiableCredential, ...(options && { options }) })
  const verifyVp = (verifiablePresentation: unknown, options?: object, instance = 'strict') =>
    outcome(`${instance}/presentations/verify`, { verifiablePresentation, ...(options && { options }) })
  const challengeFor = async () =>
    (await verifierClient({ url, token: system.verifierToken }).challenge(DOMAIN)).challenge
  const changed = (value: object, change: object) => ({ ...value, ...change })

  for (const mechanism of MECHANISMS) {
    describe(`given ${mechanism}`, () => {
      const secure = (change: object = {}, signer = issuer) =>
        secureCredential(signer, mechanism, credentialOf(issuer.did, change))
      const present = async (options: object, signer = holder, carried?: object[]) =>
        securePresentation(
          signer,
          mechanism,
          {
            '@context': [V2],
            type: ['VerifiablePresentation'],
            holder: holder.did,
            verifiableCredential: carried ?? [await secure()],
          },
          options,
        )

      it('verifies a credential, and says what it checked', async () => {
        const verifiableCredential = await secure()
        const answer = await post('strict/credentials/verify', { verifiableCredential })
        expect(JSON.parse(answer.text)).to.deep.equal({ verified: true, checks: ['proof', 'credentialStatus'] })
        const options = { returnCredential: true }
        const shown = JSON.parse((await post('strict/credentials/verify', { verifiableCredential, options })).text)
        expect(shown.credential).to.deep.equal(verifiableCredential)
      })

      it('refuses a credential of whom it does not trust, and takes it where anyone is trusted', async () => {
        const foreign = await secureCredential(stranger, mechanism, credentialOf(stranger.did))
        expect(await verify(foreign)).to.equal('400 issuer_not_trusted')
        expect(await verify(foreign, undefined, 'open')).to.equal('verified')
      })

      it('refuses a credential that somebody else signed in the name of its issuer', async () => {
        expect(await verify(await secure({}, stranger), undefined, 'open')).to.equal('400 key_not_found')
      })

      const malformed: Record<string, [code: string, change: object]> = {
        'without contexts': ['credential_malformed', { '@context': undefined }],
        'with a context that is not known': [
          'context_unknown',
          { '@context': [V2, 'https://unknown.example/context/v1'] },
        ],
        'without a type': ['credential_malformed', { type: undefined }],
        'with a type that no context defines': [
          'terms_undefined',
          { '@context': [V2], type: ['VerifiableCredential', 'X'] },
        ],
        'without an issuer': ['credential_malformed', { issuer: undefined }],
        'whose issuer is no DID': ['did_malformed', { issuer: 'https://issuer.example' }],
        'without a subject': ['credential_malformed', { credentialSubject: {} }],
        'that is not valid yet': ['credential_not_yet_valid', { validFrom: '2990-01-01T00:00:00Z' }],
        'that has expired': ['credential_expired', { validUntil: '2024-01-02T00:00:00Z' }],
        'that ends before it begins': ['credential_malformed', { validUntil: '2023-01-01T00:00:00Z' }],
        'whose status cannot be checked': ['status_malformed', { credentialStatus: { type: 'ExampleStatus' } }],
      }
      for (const [name, [code, change]] of Object.entries(malformed))
        it(`refuses a credential ${name}`, async () => {
          // What rdfc cannot canonicalize is signed by jcs all the same.
          const signable = mechanism === 'eddsa-rdfc-2022' && /context|without a type/.test(name)
          const secured = signable ? changed(await secure(), change) : await secure(change)
          const json = JSON.parse(JSON.stringify(secured))
          expect(await verify(json, undefined, 'open')).to.equal(`400 ${code}`)
        })

      it('verifies a presentation of its holder, once for a challenge of ours', async () => {
        const options = { challenge: await challengeFor(), domain: DOMAIN }
        const presentation = await present(options)
        const answers = await Promise.all(Array.from({ length: 10 }, () => verifyVp(presentation, options)))
        expect(answers.toSorted()).to.deep.equal([...Array(9).fill('400 challenge_used'), 'verified'])
      })

      it('refuses a presentation for another challenge or domain, or without one', async () => {
        const options = { challenge: await challengeFor(), domain: DOMAIN }
        const other = { ...options, challenge: await challengeFor() }
        expect(await verifyVp(await present(options), other)).to.equal('400 challenge_mismatch')
        expect(await verifyVp(await present({ ...options, domain: 'https://evil.example' }), options)).to.equal(
          '400 domain_mismatch',
        )
        expect(await verifyVp(await present({}), options)).to.equal('400 challenge_mismatch')
        expect(await verifyVp(await present({}))).to.equal('400 challenge_mismatch')
        expect(await verifyVp(await present({ challenge: 'mine' }), { challenge: 'mine' })).to.equal(
          '400 domain_mismatch',
        )
        const own = { challenge: 'made by nobody here', domain: DOMAIN }
        expect(await verifyVp(await present(own), own)).to.equal('400 challenge_unknown')
        expect(await verifyVp(await present(own), own, 'given')).to.equal('verified')
        expect(await verifyVp(await present(own), {}, 'given')).to.equal('400 challenge_mismatch')
        expect(await verifyVp(await present(own), { checks: [] }, 'optional')).to.equal('verified')
      })

      it('refuses a presentation that another than its holder signed, or whose credential is wrong', async () => {
        expect(await verifyVp(await present({}, stranger), {}, 'optional')).to.equal('400 holder_mismatch')
        const forged = [await secure(), await secure({}, stranger)]
        expect(await verifyVp(await present({}, holder, forged), {}, 'optional')).to.equal('400 key_not_found')
        const untrusted = [await secureCredential(stranger, mechanism, credentialOf(stranger.did))]
        expect(await verifyVp(await present({}, holder, untrusted), {}, 'optional')).to.equal('400 issuer_not_trusted')
      })

      it('refuses the signature of a credential as that of a presentation, and the other way round', async () => {
        const credential = await secure()
        expect(await verifyVp(credential, {}, 'optional')).to.match(
          /^400 (presentation_malformed|proof_purpose_mismatch)/,
        )
        expect(await verify(await present({}), undefined, 'open')).to.equal('400 credential_malformed')
      })

      describe('and a status list', () => {
        const name = `/${mechanism}`
        const entry = (change: object = {}) => ({
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          statusListIndex: '94567',
          statusListCredential: `${listsUrl}${name}`,
          ...change,
        })
        const withStatus = (change: object = {}) => secure({ credentialStatus: [entry(change)] })
        const serve = async (bits: Uint8Array, change: object = {}, signer = issuer) => {
          const now = Math.floor(Date.now() / 1000)
          const content = { url: `${listsUrl}${name}`, issuer: issuer.did, purpose: 'revocation', ttlMs: 1000 }
          const list = buildStatusListCredential({
            ...content,
            encodedList: encodeBitstring(bits),
            validFrom: now,
            validUntil: now + 60,
          })
          const secured = await secureCredential(signer, mechanism, { ...list, ...change })
          served.set(name, JSON.stringify(secured))
        }

        it('verifies while the bit is clear, and refuses once it is set', async () => {
          await serve(emptyBitstring())
          expect(await verify(await withStatus())).to.equal('verified')
          await serve(withBit(emptyBitstring(), 94567, true))
          expect(await verify(await withStatus())).to.equal('400 credential_revoked')
        })

        it('verifies the proof alone where that is allowed, and names it', async () => {
          await serve(withBit(emptyBitstring(), 94567, true))
          const body = { verifiableCredential: await withStatus(), options: { checks: ['proof'] } }
          const answer = await post('open/credentials/verify', body)
          expect(JSON.parse(answer.text)).to.deep.equal({ verified: true, checks: ['proof'] })
          expect(await outcome('strict/credentials/verify', body)).to.equal('400 invalid_request')
        })

        it('refuses what it cannot take from the list', async () => {
          await serve(emptyBitstring(), {}, stranger)
          expect(await verify(await withStatus())).to.equal('400 status_list_malformed')
          await serve(emptyBitstring(), { type: ['VerifiableCredential'] })
          expect(await verify(await withStatus())).to.equal('400 status_list_malformed')
          await serve(emptyBitstring())
          expect(await verify(await withStatus({ statusPurpose: 'suspension' }))).to.equal('400 status_list_mismatch')
          expect(await verify(await withStatus({ statusListIndex: '131072' }))).to.equal(
            '400 status_index_out_of_range',
          )
          expect(await verify(await withStatus({ statusListIndex: '94567abc' }))).to.equal('400 status_malformed')
          await serve(new Uint8Array(100))
          expect(await verify(await withStatus())).to.equal('400 status_list_length')
          served.delete(name)
          expect(await verify(await withStatus())).to.equal('400 status_unavailable')
        })

        it('fetches none for a credential that its issuer did not sign', async () => {
          served.delete(name)
          const forged = await secure({ credentialStatus: [entry()] }, stranger)
          expect(await verify(forged)).to.equal('400 key_not_found')
        })
      })
    })
  }

  it('takes a role credential, compact as the wallet presents it, for what it is', async () => {
    await system.clients.issuer.putRole('some.role', {
      description: 'a role',
      maxValiditySeconds: 60,
      sensitivity: 'low',
    })
    const agent = await system.agentWith('agent', 'some.role')
    const options = { challenge: await challengeFor(), domain: DOMAIN, checks: ['proof'] }
    const { checks: _, ...asked } = options
    expect(await verifyVp(await agent.wallet.present(asked), options, 'open')).to.equal('verified')
  })

  it('refuses what is secured by nothing', async () => {
    expect(await verify(credentialOf(issuer.did))).to.equal('400 proof_malformed')
    const presentation = { '@context': [V2], type: 'VerifiablePresentation' }
    expect(await verifyVp(presentation, {}, 'optional')).to.equal('400 proof_malformed')
  })

  it('refuses an unsecured envelope, a data URL of another kind and claims of the old encoding', async () => {
    const [, token] = (await jose()).id.split(',') as [string, string]
    for (const id of [`data:application/vc-ld+jwt,${token}`, `data:text/plain,${token}`, token, 7])
      expect(await verify({ ...(await jose()), id })).to.equal('400 credential_malformed')
    expect(await verify({ ...(await jose()), '@context': [] })).to.equal('400 credential_malformed')
    const old = await secureCredential(issuer, 'vc+jwt', { vc: credentialOf(issuer.did), iss: issuer.did })
    expect(await verify(old)).to.equal('400 credential_malformed')
    const spoofed = await secureCredential(issuer, 'vc+jwt', { ...credentialOf(issuer.did), iss: stranger.did })
    expect(await verify(spoofed)).to.equal('400 issuer_mismatch')
    const expired = await secureCredential(issuer, 'vc+jwt', { ...credentialOf(issuer.did), exp: 1_700_000_000 })
    expect(await verify(expired)).to.equal('400 proof_expired')
  })

  it('refuses a body that is no request, as VCALM writes it, and an instance that is not there, plainly', async () => {
    for (const body of [{}, { verifiableCredential: 7 }, { verifiableCredential: {}, more: 1 }, []])
      expect(await outcome('strict/credentials/verify', body)).to.match(/^400 /)
    for (const checks of [['everything'], 'proof'])
      expect(await verify(await jose(), { checks }, 'open')).to.equal('400 invalid_request')
    for (const name of ['nothing', 'constructor', '__proto__']) {
      const answer = await post(`${name}/credentials/verify`, { verifiableCredential: await jose() })
      expect(refusalOf(answer)).to.equal('404 instance_unknown')
    }
  })

  const jose = async () => (await secureCredential(issuer, 'vc+jwt', credentialOf(issuer.did))) as { id: string }
})
