import { DomainError, KILL_SCOPE, killTarget } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Anchor, Transaction } from '../ports.ts'
import { publishHeads } from './publish-heads.ts'
import { type RevokeContext, type Revoked, revokeAll, unexpired } from './revoke-role.ts'

export interface Killed extends Revoked {
  kill: { cutoff: number; state: Anchor['state'] }
}

/**
 * The kill switch: revokes every role of an agent and cuts the agent off on chain, for verifiers that never heard of us.
 * Credentials issued from the next second on work. Throws `agent_unknown`.
 */
export async function killAgent(
  ctx: RevokeContext & Pick<Context, 'random'>,
  did: string,
  by: string,
): Promise<Killed> {
  const { value: killed, replayed } = await ctx.changeTogether(async (tx, head): Promise<Killed> => {
    if (!(await tx.findAgent(did))) throw new DomainError('agent_unknown', `No role was ever granted to ${did} here.`)
    const now = ctx.clock.now()
    const agent = await tx.lockAgent(did, now)
    const credentials = await unexpired(ctx, tx, did)
    const revoked = await revokeAll(ctx, tx, head, credentials, { reason: 'agent killed', by })
    const previous = await tx.findKill(did)
    const covered = previous !== undefined && credentials.every(({ validFrom }) => validFrom <= previous.cutoff)
    if (covered) return { ...revoked, kill: { cutoff: previous.cutoff, state: await stateOf(tx, previous.id) } }
    const cutoff = Math.max(now, ...credentials.map(({ validFrom }) => validFrom))
    const kill = {
      id: ctx.random.uuid(),
      agent: agent.did,
      issuer: ctx.identity.address,
      scope: KILL_SCOPE.agent,
      target: killTarget(did),
      cutoff,
      createdAt: now,
      createdBy: by,
    }
    await tx.killAgent(did, cutoff)
    await tx.addKill(kill)
    return { ...revoked, kill: { cutoff, state: 'pending' } }
  })
  if (!replayed) ctx.metrics.revoked(killed.revoked.length)
  await publishHeads(ctx)
  return killed
}

async function stateOf(tx: Transaction, kill: string): Promise<Killed['kill']['state']> {
  const state = (await tx.transactionOf(kill))?.state
  return state === 'mined' || state === 'final' ? state : 'pending'
}
