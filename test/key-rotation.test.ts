import { generateKeyPairSync } from 'node:crypto'
import {
  changeOwnerDigest,
  createChainClient,
  ED25519_KEY_ATTRIBUTE,
  encodeChangeOwnerSigned,
  encodeRevokeAttributeSigned,
  encodeSetAttributeSigned,
  revokeAttributeDigest,
  setAttributeDigest,
} from '@consulate/registry'
import { createChainReader, createKeyResolver, watchRegistry } from '@consulate/sdk'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { asOwner, removeAnchorDelegate } from './system/as-owner.ts'
import { type System, startSystem, type TestAgent, until } from './system/start-system.ts'
import { outcomeOf } from './system/stranger.ts'
import { followThrough, forgetful } from './system/tampering.ts'

const ROLE = 'payments.approver'
const NOBODY: Hex = `0x${'00'.repeat(20)}`

describe('changing the issuer’s key on chain', () => {
  let system: System
  let agent: TestAgent

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    agent = await system.agentWith('rotation', ROLE)
  })

  after(() => system?.stop())

  it('is seen by a resolver in the block that records it, not after its time to live', async () => {
    const resolver = createKeyResolver({ chain: system.chain, ttlMs: 3_600_000 })
    const watch = watchRegistry(system.chain.chainId, createChainReader(system.chain), resolver)
    await watch.round()
    const before = await resolver.resolveKeys(system.issuer.did)
    expect(await resolver.resolveKeys(system.issuer.did)).to.equal(before)
    await addKey(newKey())
    expect(await resolver.resolveKeys(system.issuer.did)).to.equal(before)
    await watch.round()
    const after = await resolver.resolveKeys(system.issuer.did)
    expect(after.verificationMethods.size).to.equal(before.verificationMethods.size + 1)
  })

  it('makes many who ask at once share one resolution', async () => {
    const resolver = createKeyResolver({ chain: system.chain })
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolver.resolveKeys(system.issuer.did)))
    expect(new Set(answers).size).to.equal(1)
  })

  it('forgets what it resolved when the time to live is over', async () => {
    const resolver = createKeyResolver({ chain: system.chain, ttlMs: 50 })
    const before = await resolver.resolveKeys(system.issuer.did)
    await until(async () => (await resolver.resolveKeys(system.issuer.did)) !== before)
  })

  it('ends a key with the second in which it is removed, though our clock runs behind the chain’s', async () => {
    const resolver = createKeyResolver({ chain: system.chain })
    const before = await resolver.resolveKeys(system.issuer.did)
    const key = newKey()
    await addKey(key)
    resolver.invalidate()
    expect((await resolver.resolveKeys(system.issuer.did)).verificationMethods.size).to.be.greaterThan(
      before.verificationMethods.size,
    )
    const { timestamp } = await client().getBlock()
    await client().request({ method: 'evm_setNextBlockTimestamp', params: [Number(timestamp) + 20] } as never)
    await removeKey(key)
    resolver.invalidate()
    expect((await resolver.resolveKeys(system.issuer.did)).verificationMethods.size).to.equal(
      before.verificationMethods.size,
    )
  })

  it('ends the credentials of a key that was removed, though they were checked and remembered before', async () => {
    await system.present(agent)
    await removeKey(await issuerKey())
    await until(
      () =>
        system.present(agent).then(
          () => false,
          (error) => error.code === 'key_not_found',
        ),
      3_000,
    )
  })

  it('ends the heads of a delegate that was removed with the block that removes it, whatever was asked just before', async () => {
    const { chainId } = system.chain
    const reader = createChainReader(system.chain)
    let answers: Promise<void> = Promise.resolve()
    let asked = 0
    const slow = {
      ...reader,
      async isAnchorDelegate(...question: Parameters<typeof reader.isAnchorDelegate>) {
        const answer = await reader.isAnchorDelegate(...question)
        asked += 1
        await answers
        return answer
      },
    }
    const follower = followThrough(system, (_url, real) => real(), forgetful(), { reader: slow })
    const watch = watchRegistry(chainId, reader, createKeyResolver({ chain: system.chain }), () => {
      follower.refreshKeys().catch(() => undefined)
    })
    await watch.round()
    let release = () => {}
    answers = new Promise((resolve) => {
      release = resolve
    })
    const underway = follower.round().then(
      () => 'accepted',
      (error) => error.code,
    )
    await until(async () => asked === 1)
    await removeAnchorDelegate(system)
    await watch.round()
    release()
    expect(await underway).to.equal('head_signer_not_authorized')
    expect(follower.status()).to.equal(undefined)
  })

  it('ends all that was signed in the name of a DID that was given up', async () => {
    const own = await startSystem()
    try {
      await own.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
      const holder = await own.agentWith('left behind', ROLE)
      expect(await own.present(holder)).to.have.property('verified', true)
      await asOwner(
        own,
        (call) => changeOwnerDigest(call, NOBODY),
        (identity, signature) => encodeChangeOwnerSigned(identity, NOBODY, signature),
      )
      const resolving = createKeyResolver({ chain: own.chain }).resolveKeys(own.issuer.did)
      const code = await Promise.resolve(resolving).then(
        () => 'resolved',
        (error) => error.code,
      )
      expect(code).to.equal('did_deactivated')
      await until(async () => (await outcomeOf(own.present(holder))) === '400 issuer_keys_unknown', 5_000)
    } finally {
      await own.stop()
    }
  })

  const client = () => createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })

  /** The key that signed the agent's credential, as the registry has it. */
  async function issuerKey(): Promise<Hex> {
    const { verificationMethods } = await createKeyResolver({ chain: system.chain }).resolveKeys(system.issuer.did)
    const [header] = agent.credential.verifiableCredential.split('.')
    const { kid } = JSON.parse(Buffer.from(header!, 'base64url').toString())
    const { x } = verificationMethods.get(kid)!.publicKey!.export({ format: 'jwk' })
    return `0x${Buffer.from(x!, 'base64url').toString('hex')}`
  }

  function addKey(value: Hex) {
    const attribute = { name: ED25519_KEY_ATTRIBUTE, value, validity: 86_400 }
    return asOwner(
      system,
      (call) => setAttributeDigest(call, attribute),
      (identity, signature) => encodeSetAttributeSigned(identity, attribute, signature),
    )
  }

  function removeKey(value: Hex) {
    const attribute = { name: ED25519_KEY_ATTRIBUTE, value }
    return asOwner(
      system,
      (call) => revokeAttributeDigest(call, attribute),
      (identity, signature) => encodeRevokeAttributeSigned(identity, attribute, signature),
    )
  }
})

function newKey(): Hex {
  const { x } = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })
  return `0x${Buffer.from(x!, 'base64url').toString('hex')}`
}
