import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { newSigner, payloadOf } from './system/forge.ts'
import { refusalOf, send, verificationRefusalOf } from './system/http.ts'
import { credentialOf, MECHANISMS, secureCredential, V2 } from './system/secure.ts'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'

const issuer = newSigner()

describe('a presentation made over VCALM', () => {
  let system: System
  let agent: { did: string; token: string }

  before(async () => {
    system = await startSystem()
    agent = await system.clients.walletAdmin.createAgent('holder')
  })
  after(() => system?.stop())

  const presentation = { '@context': [V2], type: ['VerifiablePresentation'] }
  const create = (given: object, options: object, token = agent.token) =>
    send(`${system.wallet.url}/presentations`, { method: 'POST', token, body: { presentation: given, options } })
  const newOptions = async () => ({
    challenge: (await system.clients.verifier.challenge(DOMAIN)).challenge,
    domain: DOMAIN,
  })
  const verify = async (verifiablePresentation: object, options: object) => {
    const url = `${system.verifier.url}/instances/open/presentations/verify`
    const body = { verifiablePresentation, options }
    const answer = await send(url, { method: 'POST', token: system.verifierToken, body })
    return answer.status === 200 ? JSON.parse(answer.text).holder : verificationRefusalOf(answer)
  }

  for (const mechanism of MECHANISMS) {
    const suite = mechanism === 'vc+jwt' ? {} : { cryptosuite: mechanism }

    it(`is one that a verifier takes once, with ${mechanism}`, async () => {
      const options = await newOptions()
      const verifiableCredential = [await secureCredential(issuer, mechanism, credentialOf(issuer.did))]
      const answer = await create({ ...presentation, verifiableCredential }, { ...options, ...suite })
      expect(answer.status, answer.text).to.equal(201)
      const made = JSON.parse(answer.text).verifiablePresentation
      expect(await verify(made, options)).to.equal(agent.did)
      expect(await verify(made, options)).to.equal('400 challenge_used')
      expect(await verify(made, await newOptions())).to.equal('400 challenge_mismatch')
    })

    it(`says of nobody else that he holds it, with ${mechanism}`, async () => {
      const options = { ...(await newOptions()), ...suite }
      const refused = await create({ ...presentation, holder: issuer.did }, options)
      expect(refusalOf(refused)).to.equal('400 holder_mismatch')
    })

    it(`is refused when it is none, with ${mechanism}`, async () => {
      const options = { ...(await newOptions()), ...suite }
      const malformed: [string, object][] = [
        ['presentation_malformed', { ...presentation, type: ['VerifiableCredential'] }],
        ['presentation_malformed', { ...presentation, '@context': undefined }],
        ['presentation_malformed', { ...presentation, verifiableCredential: ['a.b.c'] }],
        ['presentation_malformed', { ...presentation, proof: {} }],
        ['terms_undefined', { ...presentation, undefinedTerm: 'x' }],
        ['context_unknown', { ...presentation, '@context': [V2, 'https://unknown.example/v1'] }],
      ]
      for (const [code, given] of malformed)
        expect(refusalOf(await create(given, options)), JSON.stringify(given)).to.equal(`400 ${code}`)
    })
  }

  describe('under an id', () => {
    let owner: { did: string; token: string }
    const own = (method: string, path = '', token = owner.token) =>
      send(`${system.wallet.url}/presentations${path}`, { method, token })
    const keep = async (id: string, cryptosuite?: string): Promise<object> => {
      const answer = await create({ ...presentation, id }, { ...(await newOptions()), cryptosuite }, owner.token)
      expect(answer.status, answer.text).to.equal(201)
      return JSON.parse(answer.text).verifiablePresentation
    }

    beforeEach(async () => {
      owner = await system.clients.walletAdmin.createAgent(`owner ${randomUUID()}`)
    })

    it('is kept as it was secured, until its agent deletes it', async () => {
      const [first, second] = [await keep('urn:x:1'), await keep('urn:x:2', 'eddsa-jcs-2022')]
      await create(presentation, await newOptions(), owner.token)
      expect(JSON.parse((await own('GET')).text)).to.have.deep.members([first, second])
      expect(JSON.parse((await own('GET', '?type=presentations')).text)).to.deep.equal([])
      expect(JSON.parse((await own('GET', '/urn%3Ax%3A2')).text)).to.deep.equal(second)
      expect((await own('DELETE', '/urn%3Ax%3A2')).status).to.equal(202)
      for (const method of ['GET', 'DELETE'])
        expect(refusalOf(await own(method, '/urn%3Ax%3A2'))).to.equal('404 presentation_unknown')
      expect(JSON.parse((await own('GET')).text)).to.deep.equal([first])
    })

    it('takes the place of an earlier one', async () => {
      await keep('urn:x:1')
      const later = await keep('urn:x:1', 'eddsa-jcs-2022')
      expect(JSON.parse((await own('GET')).text)).to.deep.equal([later])
    })

    it('is there for its agent alone, and goes with it', async () => {
      await keep('urn:x:1')
      expect(JSON.parse((await own('GET', '', agent.token)).text)).to.deep.equal([])
      for (const method of ['GET', 'DELETE'])
        expect(refusalOf(await own(method, '/urn%3Ax%3A1', agent.token))).to.equal('404 presentation_unknown')
      await system.clients.walletAdmin.forgetAgent(owner.did)
      expect(refusalOf(await own('GET', '/urn%3Ax%3A1'))).to.equal('401 unauthenticated')
    })

    it('is refused when the wallet keeps a hundred others', async () => {
      for (let number = 0; number < 100; number++) await keep(`urn:x:${number}`)
      const refused = await create({ ...presentation, id: 'urn:x:100' }, await newOptions(), owner.token)
      expect(refusalOf(refused)).to.equal('400 invalid_request')
      await keep('urn:x:99')
    })
  })

  it('lives for two minutes as a token, and is bound', async () => {
    const options = await newOptions()
    const { id, type } = JSON.parse((await create(presentation, options)).text).verifiablePresentation
    expect(type).to.equal('EnvelopedVerifiablePresentation')
    const { aud, nonce, iat, exp } = payloadOf(id) as Record<string, number>
    expect({ aud, nonce }).to.deep.equal({ aud: DOMAIN, nonce: options.challenge })
    expect(exp! - iat!).to.equal(120)
  })

  it('is made for one challenge and one domain, or not at all', async () => {
    const { challenge, domain } = await newOptions()
    for (const options of [{}, { challenge }, { domain }, { challenge, domain, cryptosuite: 'ecdsa-sd-2023' }])
      expect(refusalOf(await create(presentation, options))).to.equal('400 invalid_request')
  })

  it('is a token for a did:ethr agent, whose key makes no other proof', async () => {
    const { token, did } = await system.clients.walletAdmin.createAgent('on chain', 'ethr')
    const options = await newOptions()
    const refused = await create(presentation, { ...options, cryptosuite: 'eddsa-jcs-2022' }, token)
    expect(refusalOf(refused)).to.equal('400 algorithm_not_allowed')
    const made = JSON.parse((await create(presentation, options, token)).text).verifiablePresentation
    expect(await verify(made, options)).to.equal(did)
  })
})
