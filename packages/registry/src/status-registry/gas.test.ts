import { readFileSync, writeFileSync } from 'node:fs'
import { type Head, KILL_SCOPE, type Kill } from '@consulate/core'
import { expect } from 'chai'
import { type Hex, keccak256, stringToHex, zeroHash } from 'viem'
import {
  type Actor,
  ask,
  domainOf,
  newIssuer,
  onDevnet,
  relay,
  setNextTime,
  signEpoch,
  signHead,
  signKill,
} from '../on-devnet.test.ts'
import { encodeAnchor } from './anchor.ts'
import { encodeKill } from './kill.ts'
import { encodeOpenEpoch } from './open-epoch.ts'
import { encodeProveEquivocation } from './prove-equivocation.ts'

const snapshot = new URL('../../contracts/gas.json', import.meta.url)

describe('gas', () => {
  const chain = onDevnet()
  let time = 4_000_000_000 // always the same, since every byte of calldata has its price
  let issuer: { owner: Actor; anchorer: Actor; killer: Actor }

  before(async () => {
    await setNextTime(chain, time)
    await ask(chain.client, 'evm_mine')
    issuer = await newIssuer(chain, 'gas')
  })

  async function gasOf(data: Hex): Promise<number> {
    await setNextTime(chain, ++time)
    return (await relay(chain, { to: chain.statusRegistry, data })).gasUsed
  }

  async function gasOfAnchor(version: number): Promise<number> {
    const root = keccak256(stringToHex(`root ${version}`))
    const prev = version === 1 ? zeroHash : keccak256(stringToHex(`head ${version - 1}`))
    const times = { issuedAt: time, validUntil: time + 86_400 }
    const head: Head = { issuer: issuer.owner.address, epoch: 0, version, prev, root, ...times }
    return gasOf(encodeAnchor(head, issuer.anchorer.address, await signHead(issuer.anchorer, head, domainOf(chain))))
  }

  async function gasOfKill(scope: Kill['scope'], target: Hex, cutoff: number): Promise<number> {
    const kill: Kill = { issuer: issuer.owner.address, scope, target, cutoff }
    return gasOf(encodeKill(kill, issuer.killer.address, await signKill(issuer.killer, kill, domainOf(chain))))
  }

  async function gasOfOpenEpoch(epoch: number): Promise<number> {
    const opening = { issuer: issuer.owner.address, epoch }
    return gasOf(encodeOpenEpoch(opening, await signEpoch(issuer.owner, opening, domainOf(chain))))
  }

  async function gasOfProveEquivocation(): Promise<number> {
    const { owner, anchorer } = issuer
    const times = { issuedAt: 4_000_000_000, validUntil: 4_000_086_400 }
    const heads = ['one', 'other']
      .map((text) => keccak256(stringToHex(text)))
      .map((root): Head => ({ issuer: owner.address, epoch: 0, version: 7, prev: root, root, ...times }))
    const [a, b] = await Promise.all(
      heads.map(async (head) => ({
        head,
        signer: anchorer.address,
        signature: await signHead(anchorer, head, domainOf(chain)),
      })),
    )
    return gasOf(encodeProveEquivocation(a!, b!))
  }

  it('is what contracts/gas.json says; after a deliberate change run this test with UPDATE_GAS=1', async () => {
    const agent = keccak256(stringToHex('did:key:zAgent'))
    const cutoff = time
    const measured = {
      anchorFirst: await gasOfAnchor(1),
      anchorNext: await gasOfAnchor(2),
      killAgentFirst: await gasOfKill(KILL_SCOPE.agent, agent, cutoff),
      killAgentAgain: await gasOfKill(KILL_SCOPE.agent, agent, cutoff),
      killAgentLater: await gasOfKill(KILL_SCOPE.agent, agent, cutoff + 1),
      killIssuer: await gasOfKill(KILL_SCOPE.issuer, zeroHash, cutoff),
      proveEquivocation: await gasOfProveEquivocation(),
      openEpoch: await gasOfOpenEpoch(1),
    }
    if (process.env.UPDATE_GAS) writeFileSync(snapshot, `${JSON.stringify(measured, null, 2)}\n`)
    expect(measured).to.deep.equal(JSON.parse(readFileSync(snapshot, 'utf8')))
  })
})
