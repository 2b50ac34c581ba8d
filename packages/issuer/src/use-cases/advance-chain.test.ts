import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError, type Hex, killTarget } from '@consulate/core'
import { createLogger, type Database } from '@consulate/server'
import { expect } from 'chai'
import { describeOnEach } from '../../../../test/system/databases.ts'
import { migratedDatabase } from '../../../../test/system/migrated-database.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import type { Chain, Store } from '../ports.ts'
import { advanceChain, dropLostKills } from './advance-chain.ts'
import { unsignedIdentity } from './issuer-context.test.ts'

const NOW = 1_767_225_600
const AGENT = 'did:key:z6MkhZYZvUHp4caF5JDuzwu6HzqZ786GGi2UAsQb2hrxhNsP'
const ISSUER: Hex = `0x${'11'.repeat(20)}`
const SIGNATURE: Hex = `0x${'22'.repeat(65)}`

type Sent = { hash: Hex; nonce: number; price: number; block?: number; call: Parameters<Chain['prepare']>[0] }

/** A chain that mines when it is told to, and forgets when it is told to. */
function scriptedChain(store: () => Store) {
  const known = new Map<Hex, Sent>()
  const prepared = new Map<Hex, Sent>()
  const refused = new Set<string>()
  let blocks = 10
  let hashes = 0
  let price = 1
  const nextNonce = () => new Set([...known.values()].map(({ nonce }) => nonce)).size
  const mined = () => [...known.values()].filter(({ block }) => block !== undefined)
  const chain: Chain = {
    async prepare(call) {
      if ('kill' in call && refused.has(call.kill.target)) throw new DomainError('signature_invalid', 'refused')
      const hash: Hex = `0x${(++hashes).toString(16).padStart(64, '0')}`
      prepared.set(hash, { hash, nonce: nextNonce(), price, call })
      return { hash, raw: hash, nonce: nextNonce() }
    },
    async outbid(raw) {
      const waiting = known.get(raw)!
      if (price <= waiting.price) return undefined
      const hash: Hex = `0x${(++hashes).toString(16).padStart(64, '0')}`
      prepared.set(hash, { ...waiting, hash, price })
      return { hash, raw: hash, nonce: waiting.nonce }
    },
    async broadcast(raw) {
      const stored = (await store().transactionsIn(['sent'])).map(({ hash }) => hash)
      expect(stored, 'stored before it is sent').to.include(raw)
      if (!known.has(raw)) known.set(raw, { ...prepared.get(raw)! })
      return 'accepted'
    },
    nextNonce: async () => mined().length,
    async receipt(hash) {
      const block = known.get(hash)?.block
      return block === undefined
        ? undefined
        : { block, blockHash: `0x${block.toString(16)}`, succeeded: true, gasUsed: 21_000 }
    },
    finalBlock: async () => blocks - 2,
    async anchored() {
      const epoch = Math.max(0, ...mined().map(({ call }) => ('openEpoch' in call ? call.openEpoch.epoch : 0)))
      const heads = mined().flatMap(({ call }) =>
        'anchor' in call && call.anchor.epoch === epoch ? [call.anchor] : [],
      )
      return { epoch, version: Math.max(0, ...heads.map(({ version }) => version)), headHash: SIGNATURE }
    },
    async deadBefore(target) {
      const cutoffs = mined().map(({ call }) => ('kill' in call && call.kill.target === target ? call.kill.cutoff : 0))
      return Math.max(0, ...cutoffs)
    },
  }
  return {
    chain,
    sent: () =>
      [...known.values()].map(({ call }) => {
        if ('openEpoch' in call) return `epoch ${call.openEpoch.epoch}`
        return 'anchor' in call ? `anchor ${call.anchor.version}` : `kill ${call.kill.cutoff}`
      }),
    /** Of those with one nonce, the one sent first or last. */
    mine(which: 'first' | 'last' = 'last') {
      blocks++
      const waiting = [...known.values()].filter(({ block }) => block === undefined)
      for (const rivals of Map.groupBy(waiting, ({ nonce }) => nonce).values())
        rivals.at(which === 'first' ? 0 : -1)!.block = blocks
    },
    refuse: (agent: string) => refused.add(killTarget(agent)),
    raisePrice: () => {
      price++
    },
    goOn: (count: number) => {
      blocks += count
    },
    loseEverything: () => known.clear(),
  }
}

describeOnEach('bringing the chain up to what is signed', (kind) => {
  let folder: string
  const logger = createLogger('test', 'silent')
  const clock = { now: () => now, nowMs: () => now * 1000 }
  const paid: string[] = []
  const metrics = { issued() {}, revoked() {}, paid: (kind: string, gas: number) => void paid.push(`${kind} ${gas}`) }
  let database: Database
  let store: Store
  let script: ReturnType<typeof scriptedChain>
  let version: number
  let now: number

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-anchor-'))
  })
  beforeEach(async () => {
    database = await openIssuerDatabase({ url: await migratedDatabase(kind, 'issuer', folder, randomUUID()) })
    store = createStore(database)
    script = scriptedChain(() => store)
    version = 0
    now = NOW
    paid.length = 0
  })

  afterEach(() => database.close())
  after(() => rmSync(folder, { recursive: true }))

  const advance = () => advanceChain({ store, chain: script.chain, identity: unsignedIdentity, logger, clock, metrics })

  it('anchors the newest signed head and skips those before it', async () => {
    await addHead()
    await addHead()
    await addHead({ signed: false })
    expect(await advance()).to.equal(true)
    expect(script.sent()).to.deep.equal(['anchor 2'])
  })

  it('says sent, mined and final, each only when it is so', async () => {
    await addHead()
    expect(await states()).to.deep.equal([])
    await advance()
    expect(await states()).to.deep.equal(['sent'])
    script.mine()
    await advance()
    expect(await states()).to.deep.equal(['mined'])
    script.goOn(2)
    expect(await advance()).to.equal(false)
    expect(await states()).to.deep.equal(['final'])
  })

  it('tells what each mined transaction cost, once', async () => {
    await addKill()
    await addHead()
    await advance()
    expect(paid).to.deep.equal([])
    script.mine()
    await advance()
    script.mine()
    script.goOn(2)
    await advance()
    await advance()
    expect(paid).to.deep.equal(['kill 21000', 'anchor 21000'])
  })

  it('has one transaction under way at a time', async () => {
    await addHead()
    await advance()
    await addHead()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1'])
    script.mine()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1', 'anchor 2'])
  })

  it('sends a kill first, and once', async () => {
    await addHead()
    await addKill()
    await advance()
    expect(script.sent()).to.deep.equal([`kill ${NOW}`])
    script.mine()
    await advance()
    script.mine()
    await advance()
    expect(script.sent()).to.deep.equal([`kill ${NOW}`, 'anchor 1'])
  })

  it('offers a stored transaction again after a restart, and makes no second one', async () => {
    await addHead()
    await advance()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1'])
  })

  it('sends the newest head anew when the chain lost an anchor that was final', async () => {
    await addHead()
    await advance()
    script.mine()
    script.goOn(2)
    await advance()
    await advance()
    script.loseEverything()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1'])
    expect(await store.transactionsIn(['dropped'])).to.have.lengthOf(1)
  })

  it('sends a kill anew when the chain lost it', async () => {
    await addKill()
    await advance()
    script.mine()
    script.goOn(2)
    await advance()
    await advance()
    script.loseEverything()
    await dropLostKills({ store, chain: script.chain, logger })
    await advance()
    expect(script.sent()).to.deep.equal([`kill ${NOW}`])
  })

  it('does not wait for ever behind a nonce that the chain, gone back, no longer reaches', async () => {
    await addHead()
    await advance()
    script.mine()
    await advance()
    await addHead()
    await advance()
    expect(await states()).to.have.members(['mined', 'sent'])
    script.loseEverything()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1'])
    script.mine()
    await advance()
    expect(script.sent()).to.deep.equal(['anchor 1', 'anchor 2'])
    script.mine()
    await advance()
    expect((await store.transactionsIn(['mined'])).map(({ version }) => version)).to.have.members([1, 2])
  })

  it('sends a mined transaction again as soon as the chain went back, however far off its finality is', async () => {
    await addHead()
    await advance()
    script.mine()
    await advance()
    expect(await states()).to.deep.equal(['mined'])
    script.loseEverything()
    await advance()
    expect(await states()).to.deep.equal(['sent'])
    expect(script.sent()).to.deep.equal(['anchor 1'])
    script.mine()
    await advance()
    expect(await states()).to.deep.equal(['mined'])
  })

  it('sends on, and again, when the chain does not say what is final', async () => {
    script.chain.finalBlock = () => Promise.reject(new Error('no such tag'))
    const messageOf = () => advance().catch((error: Error) => error.message)
    await addHead()
    await advance()
    script.mine()
    await messageOf()
    await addHead()
    expect(await messageOf()).to.equal('no such tag')
    expect(script.sent()).to.deep.equal(['anchor 1', 'anchor 2'])
    script.mine()
    await messageOf()
    script.loseEverything()
    await messageOf()
    expect(script.sent()).to.include('anchor 1')
  })

  it('sends a kill that was final anew when it sees that anchors are gone', async () => {
    await addKill()
    await addHead()
    for (let round = 0; round < 3; round++) {
      await advance()
      script.mine()
      script.goOn(2)
    }
    await advance()
    expect(await states()).to.deep.equal(['final', 'final'])
    script.loseEverything()
    await advance()
    expect(script.sent()).to.deep.equal([`kill ${NOW}`])
    script.mine()
    await advance()
    expect(script.sent()).to.deep.equal([`kill ${NOW}`, 'anchor 1'])
  })

  it('takes kills and heads in turns, so that neither keeps the other off the chain', async () => {
    for (const agent of ['did:web:a.example', 'did:web:b.example', 'did:web:c.example']) await addKill({ agent })
    for (let round = 0; round < 5; round++) {
      await addHead()
      await advance()
      script.mine()
    }
    expect(script.sent()).to.deep.equal([`kill ${NOW}`, 'anchor 2', `kill ${NOW}`, 'anchor 4', `kill ${NOW}`])
  })

  it('sends only the last of several kills of one agent', async () => {
    await addKill({ cutoff: NOW - 2 })
    await addKill({ cutoff: NOW })
    await addKill({ cutoff: NOW - 1 })
    for (let round = 0; round < 4; round++) {
      await advance()
      script.mine()
    }
    expect(script.sent()).to.deep.equal([`kill ${NOW}`])
  })

  it('sends on when the contract refuses a kill, and says so', async () => {
    script.refuse('did:web:refused.example')
    await addKill({ agent: 'did:web:refused.example' })
    await addKill()
    await addHead()
    const outcome = () => advance().catch((error) => error.code)
    expect(await outcome()).to.equal('signature_invalid')
    expect(script.sent()).to.deep.equal([`kill ${NOW}`])
    script.mine()
    await outcome()
    script.mine()
    expect(await outcome()).to.equal('signature_invalid')
    expect(script.sent()).to.deep.equal([`kill ${NOW}`, 'anchor 1'])
  })

  it('opens the epoch of the newest head first, one after the other, and again when the chain lost it', async () => {
    await addHead()
    await advance()
    script.mine()
    await addHead({ epoch: 2 })
    for (let round = 0; round < 4; round++) {
      await advance()
      script.mine()
      script.goOn(2)
    }
    expect(script.sent()).to.deep.equal(['anchor 1', 'epoch 1', 'epoch 2', 'anchor 2'])
    await advance()
    script.loseEverything()
    for (let round = 0; round < 4; round++) {
      await advance()
      script.mine()
    }
    expect(script.sent()).to.deep.equal(['epoch 1', 'epoch 2', 'anchor 2'])
  })

  it('tries no further when the chain is away', async () => {
    await addKill()
    await addHead()
    let asked = 0
    script.chain.prepare = async () => {
      asked++
      throw new DomainError('chain_unavailable', 'away')
    }
    expect(await advance().catch((error) => error)).to.include({ code: 'chain_unavailable' })
    expect(asked).to.equal(1)
  })

  for (const which of ['first', 'last'] as const)
    it(`offers more for what waits too long, once the chain asks for more, and the ${which} may be mined`, async () => {
      await addHead()
      await advance()
      script.raisePrice()
      await advance()
      expect(script.sent()).to.deep.equal(['anchor 1'])
      now += 180
      await advance()
      await advance()
      expect(script.sent()).to.deep.equal(['anchor 1', 'anchor 1'])
      now += 180
      await advance()
      expect(script.sent()).to.have.lengthOf(2)
      script.mine(which)
      await advance()
      expect((await states()).toSorted()).to.deep.equal(['dropped', 'mined'])
      expect((await store.anchorOf({ epoch: 0, version: 1 }))?.state).to.equal('mined')
      await advance()
      expect(script.sent()).to.have.lengthOf(2)
      expect(paid).to.deep.equal(['anchor 21000'])
    })

  async function states() {
    return (await store.transactionsIn(['sent', 'mined', 'final', 'dropped'])).map(({ state }) => state)
  }

  async function addHead({ signed = true, epoch = 0 } = {}) {
    version++
    const head = {
      issuer: ISSUER,
      epoch,
      version,
      prev: `0x${'00'.repeat(32)}` as const,
      root: `0x${'33'.repeat(32)}` as const,
      issuedAt: clock.now(),
      validUntil: clock.now() + 86_400,
    }
    await store.transaction(async (tx) => {
      await tx.addHead(head)
      if (signed) await tx.saveHeadSignature(head, ISSUER, SIGNATURE)
    })
  }

  async function addKill({ agent = AGENT, cutoff = NOW } = {}) {
    const id = randomUUID()
    const kill = { id, agent, issuer: ISSUER, scope: 1 as const, target: killTarget(agent), cutoff }
    await store.transaction(async (tx) => {
      await tx.addKill({ ...kill, createdAt: clock.now(), createdBy: 'bootstrap' })
      await tx.saveKillSignature(id, ISSUER, SIGNATURE)
    })
  }
})
