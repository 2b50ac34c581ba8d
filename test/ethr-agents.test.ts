import { generateKeyPairSync, sign } from 'node:crypto'
import { parseEthrDid } from '@consulate/core'
import {
  broadcast,
  changeOwnerDigest,
  createChainClient,
  encodeChangeOwnerSigned,
  prepareTransaction,
  readDidEvents,
  readNonce,
  readOwner,
  signTransaction,
  waitForReceipt,
} from '@consulate/registry'
import { type Rotation, walletAdminClient, walletClient } from '@consulate/sdk'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount, serializeSignature, sign as signHash } from 'viem/accounts'
import { startInstance } from '../scripts/fleet/start-service.ts'
import { DATABASES, describeOnEach } from './system/databases.ts'
import { ADMIN_TOKEN, DOMAIN, type System, startSystem, type TestAgent, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describeOnEach('did:ethr agents', (database) => {
  let system: System

  before(async () => {
    system = await startSystem({ database })
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  it('are made without a transaction, and present roles with ES256K', async () => {
    const before = await client().getBlockNumber()
    const agent = await ethrAgent('fresh')
    expect(agent.did).to.match(/^did:ethr:0x7a69:0x[0-9a-f]{40}$/)
    const presentation = await signed(agent)
    const [header] = presentation.token.split('.')
    expect(JSON.parse(Buffer.from(header!, 'base64url').toString())).to.deep.equal({
      alg: 'ES256K',
      typ: 'vp+jwt',
      kid: `${agent.did}#controller`,
    })
    const { holder, roles } = await verify(presentation)
    expect([holder, roles[0]!.role]).to.deep.equal([agent.did, ROLE])
    expect(await registryEventsSince(before)).to.equal(0)
  })

  it('sign with the key that the DID names, low S only: the twin of a signature is refused', async () => {
    const agent = await ethrAgent('twin')
    const { token, challenge } = await signed(agent)
    const [header, payload, signature] = token.split('.')
    const bytes = Buffer.from(signature!, 'base64url')
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const high = order - BigInt(`0x${bytes.toString('hex', 32)}`)
    Buffer.from(high.toString(16).padStart(64, '0'), 'hex').copy(bytes, 32)
    const twin = `${header}.${payload}.${bytes.toString('base64url')}`
    expect(await refusal(verify({ token: twin, challenge }))).to.equal('signature_invalid')
    const stranger = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
    const forged = sign('sha256', Buffer.from(`${header}.${payload}`), { key: stranger, dsaEncoding: 'ieee-p1363' })
    const other = { token: `${header}.${payload}.${forged.toString('base64url')}`, challenge }
    expect(await refusal(verify(other))).to.equal('signature_invalid')
    await verify({ token, challenge })
  })

  it('get a new key: the old one’s presentations are refused in the block that says so, the new one’s are right', async () => {
    const agent = await ethrAgent('rotated')
    await verify(await signed(agent))
    const old = await signed(agent)
    const begun = await system.clients.walletAdmin.rotateAgent(agent.did)
    expect(begun).to.include({ did: agent.did, address: parseEthrDid(agent.did).address, state: 'pending' })
    await reached(agent, 'mined')
    await until(async () => (await outcome(agent)) === 'none', 3_000)
    expect(await refusal(verify(old))).to.equal('signature_invalid')
    const { owner, txHash, createdBy } = await reached(agent, 'final')
    expect(owner)
      .to.equal(begun.owner)
      .and.to.equal(await ownerOf(agent))
    expect((await client().getTransactionReceipt({ hash: txHash as Hex })).from).to.equal(RELAYER())
    expect(createdBy).to.equal(begun.createdBy).and.to.be.a('string')
    await verify(await signed(agent))
  })

  it('are changed one at a time: who asks while it is under way is told', async () => {
    const agent = await ethrAgent('twice')
    const both = await Promise.allSettled([1, 2].map(() => system.clients.walletAdmin.rotateAgent(agent.did)))
    expect(both.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected'])
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult
    expect(refused.reason).to.include({ status: 409, code: 'rotation_under_way' })
    await reached(agent, 'final')
    await system.clients.walletAdmin.rotateAgent(agent.did)
    await reached(agent, 'final')
    await verify(await signed(agent))
  })

  it('are handed over to somebody else, and handed back to a new key of the wallet', async () => {
    const agent = await ethrAgent('lent')
    const { address, privateKey } = foreigner()
    const { walletAdmin } = system.clients
    await walletAdmin.rotateAgent(agent.did, address)
    await reached(agent, 'final')
    expect(await ownerOf(agent)).to.equal(address.toLowerCase())
    expect(await refusal(signed(agent))).to.equal('did_owned_elsewhere')
    expect(await refusal(walletAdmin.rotateAgent(agent.did, foreigner().address))).to.equal('did_owned_elsewhere')
    const awaiting = await walletAdmin.rotateAgent(agent.did)
    expect(awaiting.state).to.equal('awaits_owner')
    expect(await walletAdmin.rotateAgent(agent.did)).to.deep.equal(awaiting)
    expect(await refusal(signed(agent))).to.equal('did_owned_elsewhere')
    await handOver(agent, privateKey, awaiting.owner as Hex)
    await reached(agent, 'final')
    await until(async () => (await outcome(agent)) === 'none', 3_000)
  })

  it('of the method key cannot change their key, and agents that are not there neither', async () => {
    const { did } = await system.clients.walletAdmin.createAgent(`plain ${database}`)
    expect(await refusal(system.clients.walletAdmin.rotateAgent(did))).to.equal('did_cannot_rotate')
    const nobody = `did:ethr:0x7a69:${foreigner().address.toLowerCase()}`
    expect(await refusal(system.clients.walletAdmin.rotateAgent(nobody))).to.equal('agent_unknown')
    expect(await refusal(system.clients.walletAdmin.agent(nobody))).to.equal('agent_unknown')
  })

  it('are not handed to the zero address, which would end them', async () => {
    const agent = await ethrAgent('zero')
    expect(await refusal(system.clients.walletAdmin.rotateAgent(agent.did, `0x${'0'.repeat(40)}`))).to.equal(
      'invalid_request',
    )
    expect((await system.clients.walletAdmin.agent(agent.did)).rotation).to.equal(undefined)
  })

  it('can be forgotten while their key changes', async () => {
    const agent = await ethrAgent('forgotten')
    await system.clients.walletAdmin.rotateAgent(agent.did)
    await system.clients.walletAdmin.forgetAgent(agent.did)
    expect(await refusal(system.clients.walletAdmin.agent(agent.did))).to.equal('agent_unknown')
    const another = await ethrAgent('after the forgotten')
    await system.clients.walletAdmin.rotateAgent(another.did)
    await reached(another, 'final')
  })

  it('get their key although the wallet is killed at any point, and whatever the chain has lost is sent again', async function () {
    this.timeout(180_000)
    const own = {
      ...system.env,
      CONSULATE_WALLET_DATABASE_URL: await DATABASES[database](system.folder, 'killed'),
      CONSULATE_WALLET_RELAYER_KEY: system.devnet.accounts[7]!.privateKey,
    }
    let wallet = await startInstance('wallet', own)
    const env = { ...own, CONSULATE_WALLET_PORT: new URL(wallet.url).port }
    const walletAdmin = walletAdminClient({ url: wallet.url, token: ADMIN_TOKEN })
    try {
      const agent = await ethrAgent('killed', walletAdmin, wallet.url)
      for (const state of ['sent', 'mined'] as const) {
        const snapshot = await rpc('evm_snapshot')
        await rpc('evm_setAutomine', [state !== 'sent'])
        const { owner } = await walletAdmin.rotateAgent(agent.did)
        await reached(agent, state, walletAdmin)
        await wallet.end('SIGKILL')
        if (state === 'mined') await rpc('evm_revert', [snapshot])
        await rpc('evm_setAutomine', [true])
        wallet = await startInstance('wallet', env)
        await rpc('evm_mine')
        expect((await reached(agent, 'final', walletAdmin)).owner).to.equal(owner)
        expect(await ownerOf(agent)).to.equal(owner)
        await until(async () => (await outcome(agent)) === 'none', 3_000)
      }
    } finally {
      await rpc('evm_setAutomine', [true])
      await wallet.end('SIGTERM')
    }
  })

  const rpc = (method: string, params: unknown[] = []) => client().request({ method, params } as never)

  const RELAYER = () => system.devnet.accounts[4]!.address.toLowerCase()

  async function reached(
    agent: TestAgent,
    state: Rotation['state'],
    { agent: read } = system.clients.walletAdmin,
  ): Promise<Rotation> {
    let rotation: Rotation | undefined
    await until(async () => {
      rotation = (await read(agent.did)).rotation
      return rotation?.state === state || (state === 'mined' && rotation?.state === 'final')
    })
    return rotation!
  }

  const ownerOf = ({ did }: TestAgent) =>
    readOwner(client(), { didRegistry: system.chain.didRegistry, identity: parseEthrDid(did).address })

  /** As somebody does who has the key, and no wallet of ours. */
  async function handOver({ did }: TestAgent, privateKey: Hex, to: Hex): Promise<void> {
    const { didRegistry } = system.chain
    const identity = parseEthrDid(did).address
    const owner = privateKeyToAccount(privateKey).address
    const nonce = await readNonce(client(), { didRegistry, owner })
    const hash = changeOwnerDigest({ didRegistry, identity, nonce }, to)
    const data = encodeChangeOwnerSigned(identity, to, serializeSignature(await signHash({ hash, privateKey })))
    const payer = system.devnet.accounts[6]!
    const prepared = await prepareTransaction(client(), { from: payer.address, to: didRegistry, data })
    const transaction = await signTransaction(payer.privateKey, prepared)
    await broadcast(client(), transaction.raw)
    expect((await waitForReceipt(client(), transaction.hash)).status).to.equal('success')
  }

  const outcome = async (agent: TestAgent) => refusal(verify(await signed(agent)))

  const client = () => createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })

  async function ethrAgent(
    name: string,
    { createAgent } = system.clients.walletAdmin,
    url = system.wallet.url,
  ): Promise<TestAgent> {
    const made = await createAgent(`${name} ${database}`, 'ethr')
    const wallet = walletClient({ url, token: made.token }, made.did)
    const credential = await system.clients.issuer.issueRole(made.did, { role: ROLE, operator: 'ops@example.com' })
    await wallet.store(credential.verifiableCredential)
    return { ...made, credential, wallet }
  }

  async function signed(agent: TestAgent): Promise<{ token: string; challenge: string }> {
    const { challenge } = await system.clients.verifier.challenge(DOMAIN)
    return { token: await agent.wallet.present({ domain: DOMAIN, challenge }), challenge }
  }

  const verify = ({ token, challenge }: { token: string; challenge: string }) =>
    system.clients.verifier.verifyPresentation(token, { domain: DOMAIN, challenge })

  async function registryEventsSince(block: bigint): Promise<number> {
    const range = { fromBlock: Number(block) + 1, toBlock: Number(await client().getBlockNumber()) }
    if (range.toBlock < range.fromBlock) return 0
    return (await readDidEvents(client(), { didRegistry: system.chain.didRegistry, ...range })).length
  }
})

function foreigner(): { address: Hex; privateKey: Hex } {
  const privateKey = generatePrivateKey()
  return { address: privateKeyToAccount(privateKey).address, privateKey }
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error) => error.code as string,
  )
}
