import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type EquivocationEvidence, parseEthrDid } from '@consulate/core'
import { createChainClient, readStatus } from '@consulate/registry'
import { verifierAdminClient, verifierClient } from '@consulate/sdk'
import { listen } from '@consulate/server'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { type HostileIssuer, hostileIssuer } from './system/hostile-issuer.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'

const program = fileURLToPath(new URL('../packages/cli/bin/consulate.js', import.meta.url))

describe('the evidence of an equivocation', () => {
  let system: System
  let agent: TestAgent
  let issuer: HostileIssuer
  let evidence: EquivocationEvidence
  let relayerKey: string
  const ends: (() => Promise<unknown>)[] = []

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('of an issuer with two tongues', ROLE)
    issuer = await hostileIssuer(system)
    relayerKey = join(system.folder, 'relayer.key')
    writeFileSync(relayerKey, system.devnet.accounts[7]!.privateKey, { mode: 0o600 })
  })
  after(async () => {
    await Promise.all(ends.map((end) => end()))
    await system?.stop()
  })

  it('is empty while there is none, and is nobody’s of whom nothing is known', async () => {
    const { verifierAdmin } = system.clients
    const shown = await consulate('evidence', 'show', system.issuer.did, '--json')
    expect(shown.document).to.deep.equal({
      issuer: system.issuer.did,
      chain: { chainId: system.chain.chainId, statusRegistry: system.chain.statusRegistry },
      equivocations: [],
    })
    expect((await consulate('evidence', 'submit', system.issuer.did)).err).to.match(
      /^error: There is no evidence against did:ethr:[^\n]+ \(invalid_request\)\n$/,
    )
    const stranger = system.issuer.did.replace(/.{4}$/, '0000')
    expect(await outcomeOf(verifierAdmin.evidence(stranger))).to.equal('404 trust_unknown')
  })

  it('is shown by a verifier that found it, with both heads and their signatures, also when it trusts the issuer no longer', async () => {
    const between = await listen('127.0.0.1', 0)
    ends.push(() => between.close())
    const known = { ...issuer.head }
    const signed = await issuer.publish({ version: known.version, prev: known.prev, validUntil: 4_000_000_000 })
    let lies = false
    between.serve(async (request, response) => {
      const real = () => fetch(`${system.issuer.url}${request.url}`)
      const answer = await (lies ? issuer.answer(request.url!, real) : real())
      response.end(Buffer.from(await answer.arrayBuffer()))
    })
    const { verifierAdmin } = system.clients
    await verifierAdmin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${between.url}/status` })
    await until(async () => (await outcomeOf(system.present(agent))) === 'accepted')
    lies = true
    await until(async () => (await outcomeOf(system.present(agent))) === '400 issuer_equivocated')
    await verifierAdmin.distrust(system.issuer.did)

    evidence = (await consulate('evidence', 'show', system.issuer.did, '--json')).document as EquivocationEvidence
    expect(evidence.equivocations).to.have.length(1)
    const [{ epoch, heads }] = evidence.equivocations as [EquivocationEvidence['equivocations'][number]]
    expect(epoch).to.equal(0)
    expect(heads[1]).to.deep.equal(signed)
    expect(heads[0].head).to.deep.equal(known)
    expect(heads[0].signature).to.match(/^0x[0-9a-f]{130}$/)
    const lines = await consulate('evidence', 'show', system.issuer.did)
    expect(lines.out).to.match(/^Epoch 0: did:ethr:\S+ signed two heads that exclude each other, found 20/)
  })

  it('is refused before anything is sent when it was altered, is no evidence, or is for another registry', async () => {
    const [equivocation] = evidence.equivocations as [EquivocationEvidence['equivocations'][number]]
    const [one, other] = equivocation.heads
    const altered = (change: object) => JSON.stringify({ ...evidence, equivocations: [{ ...equivocation, ...change }] })
    const elsewhere = `0x${'ab'.repeat(20)}`
    const refusals: [string, RegExp][] = [
      [altered({ heads: [one, { ...other, head: { ...other.head, version: 9 } }] }), /\(head_signer_not_authorized\)/],
      [altered({ heads: [one, { ...other, signer: elsewhere }] }), /\(head_signer_not_authorized\)/],
      [altered({ heads: [one, { ...other, signature: '0x12' }] }), /\(signature_invalid\)/],
      [altered({ heads: [one, one] }), /do not exclude each other\. \(head_malformed\)/],
      [altered({ epoch: 1 }), /\(head_malformed\)/],
      [altered({ heads: [one] }), /\(invalid_request\)/],
      [JSON.stringify({ ...evidence, more: 1 }), /\(invalid_request\)/],
      [JSON.stringify({ ...evidence, issuer: evidence.issuer.replace(/.{4}$/, '0000') }), /\(head_malformed\)/],
      [JSON.stringify({ ...evidence, chain: { ...evidence.chain, chainId: 1 } }), /\(head_malformed\)/],
      [`{"issuer":"a",${JSON.stringify(evidence).slice(1)}`, /\(malformed_json\)/],
      [' '.repeat(262_145), /more than the 262144 bytes/],
    ]
    const files = refusals.map(([document], index) => saved(`altered-${index}.json`, document))
    const right = saved('evidence.json', JSON.stringify(evidence))
    const said = await refusalsOf([
      ...files.map((file) => [file]),
      [right, '--status-registry', elsewhere],
      [right, '--epoch', '7'],
    ])
    for (const [index, why] of [
      ...refusals.map(([, why]) => why),
      /name it with --status-registry/,
      /no evidence against epoch 7/,
    ].entries())
      expect(said[index])
        .to.match(/^error: [^\n]+\n$/)
        .and.to.match(why)
    const missing = await consulate('evidence', 'submit', join(system.folder, 'nothing.json'))
    expect(missing).to.include({ code: 2, out: '' })
    expect(await isProven()).to.equal(false)
  })

  it('is submitted once, says before what it costs, and convicts the issuer at a verifier that saw neither head', async () => {
    const late = await verifierElsewhere()
    expect(await late.outcome()).to.equal('accepted')

    const planned = await submit(JSON.stringify(evidence), '--dry-run', '--json')
    expect(planned).to.include({ code: 0, err: '' })
    expect(planned.document).to.include({ issuer: system.issuer.did, epoch: 0, proven: false })
    expect(planned.document!.gas).to.be.within(50_000, 200_000)
    expect(await isProven()).to.equal(false)
    const unpaid = await consulate('evidence', 'submit', system.issuer.did)
    expect(unpaid).to.include({ code: 1, out: '' })
    expect(unpaid.err).to.match(/name its key with --private-key-file, or set CONSULATE_RELAYER_KEY/)

    const sent = await submit(JSON.stringify(evidence), '--private-key-file', relayerKey)
    expect(sent).to.include({ code: 0, err: '' })
    expect(sent.out).to.match(
      /^It is proven on chain \d+ that \S+ contradicted itself in epoch 0: block \d+, [^\n]+\n$/,
    )
    expect(await isProven()).to.equal(true)
    await until(async () => (await late.outcome()) === '400 issuer_equivocated')
    expect((await late.admin.evidence(system.issuer.did)).equivocations[0]!.heads).to.deep.equal(
      evidence.equivocations[0]!.heads,
    )

    const again = await consulate('evidence', 'submit', system.issuer.did)
    expect(again).to.include({ code: 0, err: '' })
    expect(again.out).to.match(/^Chain \d+ has the proof already that [^\n]+\n$/)
  })

  /** Of somebody who trusts the issuer by its own, honest word. */
  async function verifierElsewhere() {
    const database = `sqlite:${join(system.folder, 'elsewhere.sqlite')}`
    const verifier = await startVerifier(verifierConfig({ ...system.env, CONSULATE_VERIFIER_DATABASE_URL: database }))
    ends.push(verifier.stop)
    const admin = verifierAdminClient({ url: verifier.url, token: ADMIN_TOKEN })
    await admin.trust(system.issuer.did, { roles: ['*'], statusUrl: `${system.issuer.url}/status` })
    await until(async () => (await admin.trusted(system.issuer.did)).status !== null)
    const { token } = await admin.addResourceServer('elsewhere', [DOMAIN])
    const client = verifierClient({ url: verifier.url, token })
    const present = async () => {
      const { challenge } = await client.challenge(DOMAIN)
      const presentation = await agent.wallet.present({ domain: DOMAIN, challenge })
      return client.verifyPresentation(presentation, { domain: DOMAIN, challenge })
    }
    return { admin, outcome: () => outcomeOf(present()) }
  }

  async function isProven(): Promise<boolean> {
    const { rpcUrls, chainId, statusRegistry } = system.chain
    const { address } = parseEthrDid(system.issuer.did)
    const client = createChainClient({ rpcUrls, chainId })
    return (await readStatus(client, { statusRegistry, issuer: address })).equivocated
  }

  function saved(name: string, document: string): string {
    const file = join(system.folder, name)
    writeFileSync(file, document)
    return file
  }

  /** What each of these says, one after the other in one process: to load it takes far longer than a refusal. */
  async function refusalsOf(commands: string[][]): Promise<string[]> {
    const script = `import { main } from ${JSON.stringify(new URL('../packages/cli/src/main.ts', import.meta.url))}
      for (const args of ${JSON.stringify(commands)})
        console.error('left with', await main(['node', 'consulate', 'evidence', 'submit', ...args]))`
    const { code, out, err } = await node(['--input-type=module', '--eval', script], '')
    expect({ code, out }, err).to.deep.equal({ code: 0, out: '' })
    const said = err.split('left with 1\n')
    expect(said.pop()).to.equal('')
    expect(said).to.have.length(commands.length)
    return said
  }

  const submit = (document: string, ...args: string[]) => run(['evidence', 'submit', '-', ...args], document)
  const consulate = (...args: string[]) => run(args, '')

  async function run(args: string[], input: string) {
    const ended = await node([program, ...args], input)
    const document = args.includes('--json') ? (JSON.parse(ended.out) as Record<string, unknown>) : undefined
    return { ...ended, document }
  }

  async function node(args: string[], input: string) {
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      CONSULATE_DATA: join(system.folder, 'nothing-runs-here'),
      CONSULATE_VERIFIER_URL: system.verifier.url,
      CONSULATE_ADMIN_TOKEN: ADMIN_TOKEN,
      CONSULATE_RPC_URLS: system.devnet.rpcUrl,
    }
    const child = spawn(process.execPath, ['--conditions=@consulate/source', ...args], { env })
    child.stdin.on('error', () => undefined).end(input)
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, out, err }
  }
})
