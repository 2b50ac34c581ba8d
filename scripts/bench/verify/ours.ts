import {
  type ChallengePorts,
  DomainError,
  emptyBitstring,
  type IssuerStatus,
  resolveDidKey,
  verifyPresentation,
} from '@consulate/core'
import { createEvidence, createKeyResolver } from '@consulate/sdk'
import { LISTS, type Presented, secondsNow } from './content.ts'

/** The real `verifyPresentation` over the sdk's evidence, for one trusted issuer whose keys and lists are in memory. */
export function createOurs(issuer: string) {
  const challenges = createChallenges()
  const keys = resolveDidKey(issuer)
  const status = statusOf()
  const trust = { roles: ['inventory.*'], minSensitivity: 'low' } as const
  const evidence = createEvidence({
    trust: (did) => (did === issuer ? trust : undefined),
    follower: () => ({ keys: () => keys, status: () => ({ ...status }) }),
    resolver: createKeyResolver({ chain: NO_CHAIN }),
    now: secondsNow,
  })
  const ports = { ...evidence, ...challenges.ports }
  return {
    give: challenges.give,
    verify: ({ presentation, demand }: Presented) => verifyPresentation(ports, presentation, demand),
  }
}

/** Never asked: every DID here is a did:key. */
const NO_CHAIN = { chainId: 1, rpcUrls: [], didRegistry: '0x0', statusRegistry: '0x0' } as const

function statusOf(): IssuerStatus {
  const list = (purpose: string) => ({ purpose, bits: emptyBitstring() })
  return {
    head: {
      issuer: `0x${'11'.repeat(20)}`,
      epoch: 1,
      version: 42,
      prev: `0x${'22'.repeat(32)}`,
      root: `0x${'33'.repeat(32)}`,
      issuedAt: secondsNow(),
      validUntil: secondsNow() + 86_400,
    },
    lists: new Map([
      [LISTS.revocation, list('revocation')],
      [LISTS.suspension, list('suspension')],
    ]),
    revoked: new Map(),
    killedBefore: { issuer: 0, agents: new Map() },
    distrust: undefined,
    ageMs: 500,
    anchorLagMs: 0,
    chainAgeMs: 500,
    anchored: true,
  }
}

/** Each challenge once, kept in memory. */
function createChallenges() {
  const given = new Set<string>()
  const unknown = () => new DomainError('challenge_unknown', 'This challenge was not given out, or was used already.')
  const ports: ChallengePorts = {
    checkChallenge(challenge) {
      if (!given.has(challenge)) throw unknown()
    },
    async consumeChallenge(challenge) {
      if (!given.delete(challenge)) throw unknown()
    },
  }
  return { give: (challenge: string) => given.add(challenge), ports }
}
