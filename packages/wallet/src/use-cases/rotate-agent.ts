import { DomainError, type Hex } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Rotation } from '../records.ts'
import { unknownAgent } from './forget-agent.ts'

type RotationContext = Pick<Context, 'store' | 'keys' | 'ownership' | 'clock'>

export interface RotationWish {
  did: string
  /** The foreign address that is to control the DID; a new key of this wallet when left out. */
  owner: Hex | undefined
  by: string
}

/** What came of a wish: where it stands is for `Store.findRotation` to say. */
export type BegunRotation = Pick<Rotation, 'did' | 'owner' | 'state' | 'hash' | 'createdBy'>

/**
 * Begins to hand a did:ethr over to a new key, or to somebody else; a job does the rest. When the chain says that somebody
 * else controls it, the wallet makes a key and waits for the DID to be handed over to that. Throws `did_cannot_rotate`,
 * `agent_unknown`, `rotation_under_way`, `did_owned_elsewhere`, or `unavailable` when nobody is there to pay.
 */
export async function rotateAgent(ctx: RotationContext, wish: RotationWish): Promise<BegunRotation> {
  const { value } = await ctx.store.once(
    async (holder) => {
      const { did, owner, state, hash, createdBy } = await begin(ctx, wish, holder)
      return { did, owner, state, hash, createdBy }
    },
    async () => {
      if (!(await ctx.store.findAgent(wish.did))) throw unknownAgent(wish.did)
      assertRotates(wish.did)
      return ctx.ownership.owner(wish.did)
    },
  )
  return value
}

async function begin(ctx: RotationContext, { did, owner, by }: RotationWish, holder: Hex): Promise<Rotation> {
  const { store, keys, ownership, clock } = ctx
  const known = await store.lockRotation(did)
  if (!(await store.findAgent(did))) throw unknownAgent(did)
  if (known?.state === 'pending' || known?.state === 'sent') throw underWay(did)
  const isOurs = await keys.holds(did, holder)
  if (isOurs) ownership.assertPayer()
  else if (owner !== undefined) throw ownedElsewhere(did, holder)
  else if (known?.state === 'awaits_owner' && (await keys.holds(did, known.owner))) return known
  const rotation: Rotation = {
    did,
    owner: owner ?? (await keys.addKey(did)),
    state: isOurs ? 'pending' : 'awaits_owner',
    raw: null,
    hash: null,
    nonce: null,
    block: null,
    blockHash: null,
    createdAt: clock.now(),
    createdBy: by,
  }
  await store.saveRotation(rotation)
  await keys.use(did, holder)
  return rotation
}

function assertRotates(did: string): void {
  if (did.startsWith('did:ethr:')) return
  throw new DomainError(
    'did_cannot_rotate',
    `${did} is its key and cannot get another one; make a new agent, with the method ethr if its keys are to change.`,
  )
}

function underWay(did: string): DomainError {
  return new DomainError(
    'rotation_under_way',
    `The key of ${did} is being changed already; wait until that is mined, then ask again.`,
  )
}

function ownedElsewhere(did: string, holder: Hex): DomainError {
  return new DomainError(
    'did_owned_elsewhere',
    `${did} is controlled by ${holder}, whose key is not kept here; rotate it without an owner to have it handed back.`,
  )
}
