import { join } from 'node:path'
import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { describeOnEach } from './system/databases.ts'
import { ROLE } from './system/entrances.ts'
import { send } from './system/http.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

const OTHER_DOMAIN = 'https://other.example'

describeOnEach('a challenge', (database) => {
  let system: System
  let agent: TestAgent

  before(async () => {
    system = await startSystem({ database })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('agent', ROLE)
  })

  after(() => system?.stop())

  const verifier = () => system.clients.verifier
  const challengeFor = async (domain: string, client = verifier()) => (await client.challenge(domain)).challenge

  it('is good for one of a hundred who answer it at once', async () => {
    const options = { domain: DOMAIN, challenge: await challengeFor(DOMAIN) }
    const presentation = await agent.wallet.present(options)
    const answers = Array.from({ length: 100 }, () => outcomeOf(verifier().verifyPresentation(presentation, options)))
    const outcomes = Map.groupBy(await Promise.all(answers), (outcome) => outcome)
    expect(outcomes.get('accepted')).to.have.lengthOf(1)
    expect(outcomes.get('400 challenge_used')).to.have.lengthOf(99)
  })

  it('is good for one of a hundred who answer it at two verifiers of one database', async () => {
    const second = await startVerifier(verifierConfig(system.env))
    try {
      const admin = verifierAdminClient({ url: second.url, token: ADMIN_TOKEN })
      await until(async () => (await admin.trusted(system.issuer.did)).status !== null)
      const both = [verifier(), verifierClient({ url: second.url, token: system.verifierToken })]
      const options = { domain: DOMAIN, challenge: await challengeFor(DOMAIN) }
      const presentation = await agent.wallet.present(options)
      const answers = Array.from({ length: 100 }, (_, at) =>
        outcomeOf(both[at % 2]!.verifyPresentation(presentation, options)),
      )
      const outcomes = Map.groupBy(await Promise.all(answers), (outcome) => outcome)
      expect(outcomes.get('accepted')).to.have.lengthOf(1)
      const [used, unknown] = database === 'PostgreSQL' ? [99, 0] : [49, 50]
      expect(outcomes.get('400 challenge_used')).to.have.lengthOf(used)
      expect(outcomes.get('400 challenge_unknown') ?? []).to.have.lengthOf(unknown)
    } finally {
      await second.stop()
    }
  })

  it('is never good again after a restart', async () => {
    const config = verifierConfig(system.env)
    const begun = await startVerifier(config)
    const client = (url: string) => verifierClient({ url, token: system.verifierToken })
    const trusts = (url: string) =>
      until(
        async () => (await verifierAdminClient({ url, token: ADMIN_TOKEN }).trusted(system.issuer.did)).status !== null,
      )
    let options: { domain: string; challenge: string }
    try {
      await trusts(begun.url)
      options = { domain: DOMAIN, challenge: await challengeFor(DOMAIN, client(begun.url)) }
      expect(await answer(options, client(begun.url))).to.equal('accepted')
    } finally {
      await begun.stop()
    }
    const again = await startVerifier(config)
    try {
      await trusts(again.url)
      const refusal = database === 'PostgreSQL' ? '400 challenge_used' : '400 challenge_unknown'
      expect(await answer(options, client(again.url))).to.equal(refusal)
    } finally {
      await again.stop()
    }
  })

  it('is used up by the presentation that was accepted, for every other one too', async () => {
    const options = { domain: DOMAIN, challenge: await challengeFor(DOMAIN) }
    const [first, second] = [await agent.wallet.present(options), await agent.wallet.present(options)]
    await verifier().verifyPresentation(first, options)
    expect(await outcomeOf(verifier().verifyPresentation(second, options))).to.equal('400 challenge_used')
  })

  it('is refused when nobody gave it out', async () => {
    const given = await challengeFor(DOMAIN)
    const altered = [...given].map(
      (character, i) => given.slice(0, i) + (character === 'A' ? 'B' : 'A') + given.slice(i + 1),
    )
    for (const challenge of ['a-challenge-of-nobody', `${given}A`, given.slice(0, -1), ...altered])
      expect(await answer({ domain: DOMAIN, challenge }), challenge).to.equal('400 challenge_unknown')
    expect(await answer({ domain: DOMAIN, challenge: given })).to.equal('accepted')
  })

  it('is refused when it was given out for another domain, or to another resource server', async () => {
    const { token } = await system.clients.verifierAdmin.addResourceServer('both', [DOMAIN, OTHER_DOMAIN])
    const both = verifierClient({ url: system.verifier.url, token })
    const challenge = await challengeFor(OTHER_DOMAIN, both)
    expect(await answer({ domain: DOMAIN, challenge }, both)).to.equal('400 challenge_unknown')
    const foreign = await challengeFor(DOMAIN, both)
    expect(await answer({ domain: DOMAIN, challenge: foreign })).to.equal('400 challenge_unknown')
    expect(await answer({ domain: DOMAIN, challenge: foreign }, both)).to.equal('accepted')
  })

  it('is refused when the presentation answers another one, or is meant for another domain', async () => {
    const [challenge, other] = [await challengeFor(DOMAIN), await challengeFor(DOMAIN)]
    const presentation = await agent.wallet.present({ domain: DOMAIN, challenge: other })
    const mixed = verifier().verifyPresentation(presentation, { domain: DOMAIN, challenge })
    expect(await outcomeOf(mixed)).to.equal('400 challenge_mismatch')
    const relayed = await agent.wallet.present({ domain: OTHER_DOMAIN, challenge })
    const used = verifier().verifyPresentation(relayed, { domain: DOMAIN, challenge })
    expect(await outcomeOf(used)).to.equal('400 domain_mismatch')
    expect(await answer({ domain: DOMAIN, challenge })).to.equal('accepted')
  })

  it('is refused when it has expired', async () => {
    let late = 0
    const database = `sqlite:${join(system.folder, 'late-verifier.sqlite')}`
    const clock = { now: () => Math.floor(Date.now() / 1000) + late, nowMs: Date.now }
    const config = verifierConfig({ ...system.env, CONSULATE_VERIFIER_DATABASE_URL: database })
    const { url, stop } = await startVerifier(config, { clock })
    try {
      const admin = verifierAdminClient({ url, token: ADMIN_TOKEN })
      await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
      await until(async () => (await admin.trusted(system.issuer.did)).status !== null)
      const { token } = await admin.addResourceServer('late', [DOMAIN])
      const client = verifierClient({ url, token })
      const challenge = await challengeFor(DOMAIN, client)
      late = 121
      expect(await answer({ domain: DOMAIN, challenge }, client)).to.equal('400 challenge_expired')
      late = 110
      expect(await answer({ domain: DOMAIN, challenge }, client)).to.equal('accepted')
    } finally {
      await stop()
    }
  })

  it('is given out no more once a resource server is removed, even to one that is asking all the time', async () => {
    for (let round = 0; round < 20; round++) {
      const { id, token } = await system.clients.verifierAdmin.addResourceServer('busy', [DOMAIN])
      const client = verifierClient({ url: system.verifier.url, token })
      let removed = false
      const asking = Array.from({ length: 10 }, async () => {
        while (!removed) await outcomeOf(client.challenge(DOMAIN))
      })
      const url = `${system.verifier.url}/resource-servers/${id}`
      expect(await send(url, { method: 'DELETE', token: ADMIN_TOKEN })).to.have.property('status', 204)
      const after = await outcomeOf(client.challenge(DOMAIN))
      removed = true
      await Promise.all(asking)
      expect(after).to.equal('401 unauthenticated')
    }
  })

  async function answer(options: { domain: string; challenge: string }, client = verifier()): Promise<string> {
    return outcomeOf(client.verifyPresentation(await agent.wallet.present(options), options))
  }
})
