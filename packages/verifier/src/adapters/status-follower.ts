import { DomainError, type Freshness, parseEthrDid } from '@consulate/core'
import { type IssuerFollower, type KeyResolver, watchRegistry } from '@consulate/sdk'
import { repeat } from '@consulate/server'
import type { StatusFollower } from '../ports.ts'
import { describeFollower } from './describe-follower.ts'
import { type FollowingOptions, type KeptFollower, keepFollowing } from './keep-following.ts'
import { surveyStatuses } from './survey-statuses.ts'

const REGISTRY_MS = 500

export interface RunningFollower extends StatusFollower {
  find(issuer: string): IssuerFollower | undefined
  stop(): Promise<void>
}

interface FollowerOptions extends FollowingOptions {
  resolver: KeyResolver
  freshness: Freshness
}

/** Follows every trusted issuer, and looks at the DID registry twice a second. */
export function createStatusFollower(options: FollowerOptions): RunningFollower {
  const { chain, reader, resolver, freshness, logger } = options
  const followed = new Map<string, KeptFollower>()

  const refreshKeys = (did: string | undefined) => {
    for (const [issuer, { follower }] of followed)
      if (did === undefined || did === issuer)
        void follower.refreshKeys().catch((err) => logger.warn({ err, issuer }, 'the keys of an issuer are not known'))
  }
  const watch = watchRegistry(chain.chainId, reader, resolver, refreshKeys)
  const watching = repeat(
    watch.round,
    () => REGISTRY_MS,
    (err) => logger.warn({ err }, 'the chain is not watched'),
  )

  const unfollow = async (did: string) => {
    const known = followed.get(did)
    followed.delete(did)
    await known?.stop()
  }

  return {
    assertFollowable(did) {
      if (did.startsWith('did:ethr:') && parseEthrDid(did).chainId === chain.chainId) return
      throw new DomainError(
        'did_method_unsupported',
        `${did} cannot be followed here; an issuer is a did:ethr on chain ${chain.chainId}.`,
      )
    },
    follow(trust) {
      const before = followed.get(trust.did)
      if (before?.statusUrl === trust.statusUrl) return before.useToken(trust.statusToken)
      void unfollow(trust.did)
      followed.set(trust.did, keepFollowing(options, trust))
    },
    unfollow,
    find: (issuer) => followed.get(issuer)?.follower,
    openedEpoch: (did) => followed.get(did)?.follower.openedEpoch() ?? 0,
    describe: (did) => describeFollower(followed.get(did)?.follower),
    survey() {
      const followers = [...followed.values()].map(({ follower }) => follower)
      const statuses = followers.map((follower) => follower.status())
      const unproven = followers.filter((follower) => follower.hasUnprovenClaim()).length
      const pushing = followers.filter((follower) => follower.isPushed()).length
      return { ...surveyStatuses(statuses, Math.floor(options.nowMs() / 1000), freshness), pushing, unproven }
    },
    async stop() {
      await watching.stop()
      await Promise.all([...followed.keys()].map(unfollow))
    },
  }
}
