import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { forge, newSigner, payloadOf, type Signer } from './system/forge.ts'
import { issuerSigner } from './system/sealed-keys.ts'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'
import { type Forgery, newStranger, outcomeOf } from './system/stranger.ts'

const NOW = () => Math.floor(Date.now() / 1000)

describe('the strict profile', () => {
  const agent = newStranger(() => system.clients.verifier)
  let system: System
  let credential: string
  let issuer: Signer

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    credential = await issueTo(agent.did)
    issuer = issuerSigner(system.env, credential)
  })

  after(() => system?.stop())

  const issueTo = async (did: string) =>
    (await system.clients.issuer.issueRole(did, { role: ROLE, operator: 'ops@example.com' })).verifiableCredential
  /** The agent's credential with some members changed, signed as the issuer signs. */
  const reissued = (change: object, header = {}) =>
    forge(issuer, 'vc+jwt', { ...payloadOf(credential), ...change }, header)
  const present = (forgery: Forgery = {}) => agent.present({ credentials: [credential], ...forgery })
  const presentCredential = (token: string) => present({ credentials: [token] })

  it('accepts what is right, whoever made it', async () => {
    expect(await present()).to.equal('accepted')
    expect(
      await presentCredential(reissued({ id: `urn:uuid:${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}` })),
    ).to.equal('accepted')
  })

  describe('refuses a holder', () => {
    it('who wraps a credential that was issued to somebody else', async () => {
      const thief = newSigner()
      expect(await present({ signer: thief })).to.equal('400 holder_mismatch')
      expect(await present({ signer: thief, holder: thief.did })).to.equal('400 subject_mismatch')
      expect(await present({ signer: { ...thief, kid: agent.kid } })).to.equal('400 signature_invalid')
    })

    it('who presents the roles of two', async () => {
      const other = await issueTo(newSigner().did)
      expect(await present({ credentials: [credential, other] })).to.equal('400 subject_mismatch')
      expect(await present({ credentials: [other, credential] })).to.equal('400 subject_mismatch')
    })

    it('who says in iss to be another', async () => {
      expect(await present({ change: { iss: newSigner().did } })).to.equal('400 holder_mismatch')
      expect(await present({ change: { iss: agent.did } })).to.equal('accepted')
    })

    it('whose DID is of another chain, though it is trusted to hold the role', async () => {
      const did = `did:ethr:0x1:0x${'5f'.repeat(20)}`
      const foreign = { ...newSigner(), did, kid: `${did}#controller` }
      const { credentialSubject } = payloadOf(credential)
      const credentials = [reissued({ credentialSubject: { ...(credentialSubject as object), id: did } })]
      expect(await present({ signer: foreign, holder: did, credentials })).to.equal('400 did_unresolvable')
    })

    it('who signs with a key that does not stand in the DID document', async () => {
      expect(await present({ header: { kid: `${agent.did}#other` } })).to.equal('400 key_not_found')
    })
  })

  describe('refuses a presentation', () => {
    const times: [string, () => object, string][] = [
      ['that lives for more than 120 seconds', () => ({ exp: NOW() + 130 }), 'presentation_lifetime_too_long'],
      ['that ends before it begins', () => ({ iat: NOW() + 50, exp: NOW() + 40 }), 'presentation_lifetime_too_long'],
      ['that was signed in the future', () => ({ iat: NOW() + 65, exp: NOW() + 150 }), 'presentation_not_yet_valid'],
      ['that has expired', () => ({ iat: NOW() - 180, exp: NOW() - 61 }), 'presentation_expired'],
      ['without an end', () => ({ exp: undefined }), 'presentation_malformed'],
      ['whose end is a text', () => ({ exp: String(NOW() + 60) }), 'presentation_malformed'],
      ['whose times are fractions', () => ({ iat: NOW() + 0.5 }), 'presentation_malformed'],
      ['whose times are negative', () => ({ iat: -NOW() }), 'presentation_malformed'],
      ['whose times are beyond all numbers', () => ({ exp: Number.MAX_SAFE_INTEGER + 1 }), 'token_malformed'],
    ]
    for (const [name, change, code] of times)
      it(name, async () => expect(await present({ change: change() })).to.equal(`400 ${code}`))

    const shapes: [string, object, string][] = [
      ['for several audiences', { aud: [DOMAIN, 'https://other.example'] }, 'presentation_malformed'],
      ['for one audience in an array', { aud: [DOMAIN] }, 'presentation_malformed'],
      ['for no audience', { aud: undefined }, 'presentation_malformed'],
      ['for another audience', { aud: 'https://api.example.evil.example' }, 'domain_mismatch'],
      ['for an audience that looks alike', { aud: `${DOMAIN}/` }, 'domain_mismatch'],
      ['without a challenge', { nonce: undefined }, 'presentation_malformed'],
      ['with an empty challenge', { nonce: '' }, 'presentation_malformed'],
      ['without credentials', { verifiableCredential: [] }, 'presentation_malformed'],
      ['with members that the profile does not know', { vp: {} }, 'presentation_malformed'],
      ['with another context', { '@context': ['https://evil.example/v1'] }, 'presentation_malformed'],
      ['of another type', { type: ['VerifiablePresentation', 'Admin'] }, 'presentation_malformed'],
    ]
    for (const [name, change, code] of shapes)
      it(name, async () => expect(await present({ change })).to.equal(`400 ${code}`))

    it('with more credentials than eight', async () => {
      expect(await present({ credentials: Array(9).fill(credential) })).to.equal('400 presentation_malformed')
    })

    it('that is called something else in its header', async () => {
      for (const typ of ['vc+jwt', 'JWT', 'VP+JWT', 'at+jwt', 'vp+sd-jwt'])
        expect(await present({ typ }), typ).to.equal('400 token_type_invalid')
      const { challenge } = await system.clients.verifier.challenge(DOMAIN)
      const asPresentation = system.clients.verifier.verifyPresentation(credential, { domain: DOMAIN, challenge })
      expect(await outcomeOf(asPresentation)).to.equal('400 token_type_invalid')
    })

    it('that is bound to another request than the one it came with', async () => {
      const bound = { htm: 'POST', htu: `${DOMAIN}/payments` }
      expect(await present({ ...bound, demand: bound })).to.equal('accepted')
      expect(await present({ ...bound, demand: { ...bound, htm: 'GET' } })).to.equal('400 request_mismatch')
      expect(await present({ ...bound, demand: { ...bound, htu: DOMAIN } })).to.equal('400 request_mismatch')
      expect(await present({ demand: bound })).to.equal('400 request_mismatch')
    })
  })

  describe('refuses a credential', () => {
    it('that is a presentation, or called something else in its header', async () => {
      expect(await presentCredential(forge(agent, 'vp+jwt', payloadOf(credential)))).to.equal('400 token_type_invalid')
      for (const typ of ['JWT', 'vp+jwt', 'vc+sd-jwt'])
        expect(await presentCredential(reissued({}, { typ })), typ).to.equal('400 token_type_invalid')
    })

    it('that says nothing of its status, or half of it', async () => {
      const [revocation, suspension] = payloadOf(credential).credentialStatus as object[]
      for (const credentialStatus of [undefined, [], [revocation], [suspension], [revocation, revocation], revocation])
        expect(await presentCredential(reissued({ credentialStatus }))).to.equal('400 status_malformed')
    })

    it('whose status stands in a list of nobody, in the wrong list, or beyond the end', async () => {
      const [revocation, suspension] = payloadOf(credential).credentialStatus as Record<string, string>[]
      const withRevocation = (change: object) =>
        presentCredential(reissued({ credentialStatus: [{ ...revocation, ...change }, suspension] }))
      const elsewhere = { statusListCredential: `${system.issuer.url}/status-lists/nothing` }
      expect(await withRevocation(elsewhere)).to.equal('400 status_list_unknown')
      const swapped = { statusListCredential: suspension!.statusListCredential }
      expect(await withRevocation(swapped)).to.equal('400 status_list_mismatch')
      expect(await withRevocation({ statusListIndex: '131072' })).to.equal('400 status_index_out_of_range')
      for (const statusListIndex of ['-1', '1e3', '0x10', '7 ', '007'])
        expect(await withRevocation({ statusListIndex }), statusListIndex).to.match(/^400 status_/)
    })

    it('whose status is of a kind that nobody knows, or has more than one bit', async () => {
      const entries = payloadOf(credential).credentialStatus as object[]
      const unknown = { type: 'StatusList2021Entry', statusPurpose: 'revocation', statusListIndex: '5' }
      const changed = (change: object) => entries.map((entry) => ({ ...entry, ...change }))
      for (const credentialStatus of [
        [unknown, unknown],
        [...entries, unknown],
        changed({ type: 'StatusList2021Entry' }),
        changed({ statusPurpose: 'message' }),
        changed({ statusSize: 2 }),
        changed({ statusMessage: [{ status: '0x0', message: 'valid' }] }),
      ])
        expect(await presentCredential(reissued({ credentialStatus }))).to.equal('400 status_malformed')
    })

    it('that whoever has it may present: without a subject, or of several', async () => {
      const subject = payloadOf(credential).credentialSubject as object
      for (const credentialSubject of [{ ...subject, id: undefined }, { ...subject, id: '' }, [subject], undefined])
        expect(await presentCredential(reissued({ credentialSubject }))).to.equal('400 credential_malformed')
    })

    it('whose times are no whole numbers', async () => {
      for (const time of ['1', 1.5, -1, null, true])
        for (const name of ['iat', 'exp'])
          expect(await presentCredential(reissued({ [name]: time })), `${name} ${time}`).to.equal(
            '400 credential_malformed',
          )
    })

    it('that has expired, or is for later', async () => {
      const period = (from: number, until: number) => ({
        validFrom: new Date((NOW() + from) * 1000).toISOString().replace('.000Z', 'Z'),
        validUntil: new Date((NOW() + until) * 1000).toISOString().replace('.000Z', 'Z'),
        iat: NOW() + from,
      })
      expect(await presentCredential(reissued(period(-7200, -61)))).to.equal('400 credential_expired')
      expect(await presentCredential(reissued(period(70, 3600)))).to.equal('400 credential_not_yet_valid')
      expect(await presentCredential(reissued({ iat: 1 }))).to.equal('400 credential_malformed')
    })

    it('of an issuer whom nobody trusts, and of one who says to be another', async () => {
      const stranger = newSigner()
      const own = forge(stranger, 'vc+jwt', { ...payloadOf(credential), issuer: stranger.did })
      expect(await presentCredential(own)).to.equal('400 issuer_not_trusted')
      const inHisName = forge(stranger, 'vc+jwt', payloadOf(credential))
      expect(await presentCredential(inHisName)).to.equal('400 issuer_mismatch')
      const withHisKey = forge({ ...stranger, kid: issuer.kid }, 'vc+jwt', payloadOf(credential))
      expect(await presentCredential(withHisKey)).to.equal('400 signature_invalid')
      const otherKey = `${system.issuer.did}#controller`
      expect(await presentCredential(reissued({}, { kid: otherKey }))).to.match(/^400 (key_|algorithm_)/)
    })

    it('that the agent gave itself', async () => {
      const own = forge(agent, 'vc+jwt', { ...payloadOf(credential), issuer: agent.did })
      expect(await presentCredential(own)).to.equal('400 issuer_not_trusted')
    })
  })
})
