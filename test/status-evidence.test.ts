import {
  checkStatus,
  DomainError,
  type Head,
  type Hex,
  headDigest,
  ISSUER_KILL_TARGET,
  type IssuerStatus,
  openEpochDigest,
} from '@consulate/core'
import type { RegistryStatus, StatusEvent } from '@consulate/registry'
import { createChainReader, createKeyResolver } from '@consulate/sdk'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { type System, startSystem, until } from './system/start-system.ts'
import { type Answer, followThrough, forgetful, json } from './system/tampering.ts'

const ROLE = 'payments.approver'
const honest: Answer = (_url, real) => real()

interface SignedHead {
  head: Head
  signer: Hex
  signature: Hex
}

interface PublishedHead {
  head: Record<string, number>
  entries: { sha256: string }[]
}

describe('a verifier that follows an issuer', () => {
  let system: System

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  it('knows the issuer’s keys, its head, and every list of it', async () => {
    const follower = followThrough(system, honest)
    await follower.round()
    expect([...follower.status()!.lists.values()].map(({ purpose }) => purpose)).to.have.members([
      'revocation',
      'suspension',
    ])
    expect(follower.keys()!.did).to.equal(system.issuer.did)
  })

  it('refuses a list that is not the one its head speaks of', async () => {
    const stale = new Map<string, Response>()
    const follower = followThrough(system, async (url, real) => {
      if (!url.includes('/status-lists/')) return real()
      const kept = stale.get(url)
      if (kept) return kept.clone()
      stale.set(url, (await real()).clone())
      return stale.get(url)!.clone()
    })
    await follower.round()
    await revokeSomebody()
    expect(await codeOf(follower.round())).to.equal('status_list_mismatch')
  })

  it('refuses a head that is not the one that was signed', async () => {
    for (const change of ['version', 'issuedAt', 'epoch', 'validUntil'] as const) {
      const follower = followThrough(system, async (url, real) => {
        if (!url.endsWith('/status/head')) return real()
        const published = (await (await real()).json()) as PublishedHead
        published.head[change]! += 1
        return json(published)
      })
      expect(await codeOf(follower.round()), change).to.equal('head_signer_not_authorized')
      expect(follower.status()).to.equal(undefined)
    }
  })

  it('refuses entries that the head’s root was not made of', async () => {
    const follower = followThrough(system, async (url, real) => {
      if (!url.endsWith('/status/head')) return real()
      const published = (await (await real()).json()) as PublishedHead
      published.entries[0]!.sha256 = '0'.repeat(64)
      return json(published)
    })
    expect(await codeOf(follower.round())).to.equal('head_malformed')
  })

  it('refuses an older head than one it has seen, also after a restart', async () => {
    const older = await (await fetch(`${system.issuer.url}/status/head`)).json()
    const memory = forgetful()
    await revokeSomebody()
    const follower = followThrough(system, honest, memory)
    await follower.round()
    const rollback: Answer = async (url, real) => (url.endsWith('/status/head') ? json(older) : real())
    const restarted = followThrough(system, rollback, memory)
    expect(await codeOf(restarted.round())).to.equal('status_rollback')
  })

  it('refuses an older head than the one on chain, although it never saw a newer one', async () => {
    const older = await (await fetch(`${system.issuer.url}/status/head`)).json()
    const credential = await revokeSomebody()
    await until(async () => (await system.clients.issuer.credential(credential)).lastChange?.anchor.state === 'final')
    const follower = followThrough(system, async (url, real) => (url.endsWith('/status/head') ? json(older) : real()))
    expect(await codeOf(follower.round())).to.equal('status_rollback')
  })

  it('believes no anchor, no kill and no equivocation that an RPC makes up, and raises an alarm', async () => {
    await until(async () => (await system.clients.issuer.statusHead()).anchor.state === 'final')
    const reader = createChainReader(system.chain)
    const headHash: Hex = `0x${'ab'.repeat(32)}`
    const lies: Partial<RegistryStatus>[] = [
      { version: 1_000_000_000, headHash },
      { headHash },
      { epoch: 1 },
      { equivocated: true },
      { deadBefore: 4_000_000_000 },
    ]
    for (const lie of lies) {
      const alarms: unknown[] = []
      const follower = followThrough(system, honest, forgetful(), {
        reader: { ...reader, status: async (issuer) => ({ ...(await reader.status(issuer)), ...lie }) },
        alarm: (claim) => alarms.push(claim),
      })
      for (let round = 0; round < 4; round++) await follower.round()
      expect(refusalOf(follower.status()!)).to.equal('allowed')
      const what = JSON.stringify(lie)
      expect(alarms, what).to.have.lengthOf(what.includes('deadBefore') ? 0 : 1)
      expect(follower.hasUnprovenClaim(), what).to.equal(alarms.length > 0)
    }
  })

  it('believes no event that neither a delegate nor the owner of the issuer has signed', async () => {
    const reader = createChainReader(system.chain)
    const { head, signer, signature } = (await (await fetch(`${system.issuer.url}/status/head`)).json()) as SignedHead
    const stranger = privateKeyToAccount(generatePrivateKey())
    const domain = { chainId: system.chain.chainId, verifyingContract: system.chain.statusRegistry }
    const next = { ...head, version: head.version + 9 }
    const strange = await stranger.sign({ hash: headDigest(next, domain) })
    const kill = { issuer: head.issuer, scope: 2, target: ISSUER_KILL_TARGET, cutoff: 4_000_000_000 } as const
    const opening = { issuer: head.issuer, epoch: 1 }
    const strangeOpening = await stranger.sign({ hash: openEpochDigest(opening, domain) })
    const made = [
      { type: 'anchored', head: next, signer: stranger.address.toLowerCase(), signature: strange },
      { type: 'anchored', head: next, signer, signature },
      { type: 'anchored', head: next, signer, signature: '0x' },
      { type: 'anchored', head: { ...next, issuer: `0x${'11'.repeat(20)}` }, signer, signature },
      { type: 'killed', kill, signer, signature },
      { type: 'killed', kill, signer, signature: `0x${'00'.repeat(65)}` },
      { type: 'epochOpened', opening, signer: stranger.address.toLowerCase(), signature: strangeOpening },
      { type: 'epochOpened', opening, signer, signature: strangeOpening },
      { type: 'epochOpened', opening, signer: head.issuer, signature: strangeOpening },
    ] as StatusEvent[]
    const follower = followThrough(system, honest, forgetful(), {
      reader: { ...reader, statusEvents: async (...asked) => [...(await reader.statusEvents(...asked)), ...made] },
    })
    await follower.round()
    expect(refusalOf(follower.status()!)).to.equal('allowed')
  })

  it('says that a head is anchored when the chain shows it, signed', async () => {
    const credential = await revokeSomebody()
    await until(async () => (await system.clients.issuer.credential(credential)).lastChange?.anchor.state === 'final')
    const reader = createChainReader(system.chain)
    const follower = followThrough(system, honest)
    await follower.round()
    expect(follower.status()!.anchored).to.equal(true)
    const unseen = followThrough(system, honest, forgetful(), {
      reader: { ...reader, statusEvents: async () => [] },
    })
    await unseen.round()
    expect(unseen.status()!.anchored).to.equal(false)
  })

  it('goes back to allowing once the issuer shows the truth again', async () => {
    const older = await (await fetch(`${system.issuer.url}/status/head`)).json()
    await revokeSomebody()
    let lie = false
    const follower = followThrough(system, async (url, real) =>
      lie && url.endsWith('/status/head') ? json(older) : real(),
    )
    await follower.round()
    lie = true
    expect(await codeOf(follower.round())).to.equal('status_rollback')
    expect(refusalOf(follower.status()!)).to.equal('status_rollback')
    lie = false
    await follower.round()
    expect(refusalOf(follower.status()!)).to.equal('allowed')
  })

  it('grows stale when the issuer is silent, and refuses past the budget of the role', async () => {
    const follower = followThrough(system, honest)
    await follower.round()
    const status = follower.status()!
    expect(refusalOf({ ...status, ageMs: 4_999 }, 'high')).to.equal('allowed')
    expect(refusalOf({ ...status, ageMs: 5_001 }, 'high')).to.equal('status_stale')
    expect(refusalOf({ ...status, ageMs: 59_000 }, 'medium')).to.equal('allowed')
    expect(refusalOf({ ...status, ageMs: 61_000 }, 'medium')).to.equal('status_stale')
    expect(refusalOf({ ...status, head: { ...status.head, validUntil: 1 } }, 'low')).to.equal('head_expired')
  })

  it('asks for delegates again after a while: an entry runs out without an event', async () => {
    const reader = createChainReader(system.chain)
    let later = 0
    let expired = false
    const follower = followThrough(system, honest, forgetful(), {
      reader: { ...reader, isAnchorDelegate: async (...asked) => !expired && reader.isAnchorDelegate(...asked) },
      monotonicMs: () => performance.now() + later,
    })
    await follower.round()
    expired = true
    await follower.round()
    later = 30_000
    expect(await codeOf(follower.round())).to.equal('head_signer_not_authorized')
  })

  it('goes on for a while without the chain, and then accepts nothing more until the chain is back', async () => {
    const reader = createChainReader(system.chain)
    let later = 0
    let isDown = false
    const follower = followThrough(system, honest, forgetful(), {
      reader: {
        ...reader,
        async newestBlock() {
          if (isDown) throw new DomainError('chain_unavailable', 'No RPC URL answers.')
          return reader.newestBlock()
        },
      },
      monotonicMs: () => performance.now() + later,
    })
    await follower.round()
    isDown = true
    later = 800_000
    expect(await codeOf(follower.round())).to.equal('chain_unavailable')
    expect(refusalOf(follower.status()!)).to.equal('allowed')
    expect(follower.keys()!.did).to.equal(system.issuer.did)
    later = 900_000
    expect(await codeOf(follower.round())).to.equal('chain_unavailable')
    expect(refusalOf(follower.status()!)).to.equal('status_stale')
    expect(follower.keys()).to.equal(undefined)
    isDown = false
    await follower.round()
    expect(refusalOf(follower.status()!)).to.equal('allowed')
    expect(follower.keys()!.did).to.equal(system.issuer.did)
  })

  it('has no keys of an issuer whose DID has changed as long as it cannot be resolved', async () => {
    const resolver = createKeyResolver({ chain: system.chain })
    let isDown = false
    const follower = followThrough(system, honest, forgetful(), {
      resolver: {
        async resolveKeys(did) {
          if (isDown) throw new DomainError('did_unresolvable', 'No RPC URL answers.')
          return resolver.resolveKeys(did)
        },
      },
    })
    await follower.round()
    isDown = true
    expect(await codeOf(follower.refreshKeys())).to.equal('did_unresolvable')
    expect(follower.keys()).to.equal(undefined)
    isDown = false
    await follower.round()
    expect(follower.keys()!.did).to.equal(system.issuer.did)
  })

  async function revokeSomebody(): Promise<string> {
    const agent = await system.agentWith(`somebody ${performance.now()}`, ROLE)
    await system.clients.issuer.revokeRole(agent.did, ROLE)
    return agent.credential.id
  }

  /** What the status rule says of a credential that nobody revoked. */
  function refusalOf(status: IssuerStatus, sensitivity: 'low' | 'medium' | 'high' = 'high'): string {
    const list = (purpose: string) => [...status.lists].find(([, known]) => known.purpose === purpose)![0]
    const now = Math.floor(Date.now() / 1000)
    const query = {
      issuer: system.issuer.did,
      subject: 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP',
      sensitivity,
      validFrom: now,
      revocation: { list: list('revocation'), index: freeIndex(status, list('revocation')) },
      suspension: { list: list('suspension'), index: freeIndex(status, list('suspension')) },
    }
    try {
      checkStatus(status, query, now)
      return 'allowed'
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  function freeIndex({ lists }: IssuerStatus, list: string): number {
    const byte = lists.get(list)!.bits.indexOf(0)
    expect(byte).to.be.at.least(0)
    return byte * 8
  }
})

async function codeOf(round: Promise<void>): Promise<string> {
  return round.then(
    () => 'accepted',
    (error) => error.code,
  )
}
