import { FRESHNESS, type Freshness } from '@consulate/core'
import { STATUS_LIMITS, type StatusLimits } from '@consulate/sdk'
import { type Env, jsonFile, type ServiceConfig, serviceConfig, variables } from '@consulate/server'
import { instancesSchema, type VerifierInstances } from './instances.ts'

export interface VerifierConfig extends ServiceConfig {
  /** Hosts that outgoing requests may reach although they are private, or without TLS: of did:web documents, of foreign status lists. */
  outgoingAllow: string[]
  freshness: Freshness
  /** How much of one issuer is kept in memory. */
  statusLimits: StatusLimits
  /** Verifiers by the general rules of VCDM 2.0, by name. */
  instances: VerifierInstances
}

/** The verifier's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): VerifierConfig {
  const { extra, ...config } = serviceConfig(env, 'VERIFIER', {
    high: ['CONSULATE_FRESHNESS_HIGH', seconds(FRESHNESS.budgetMs.high)],
    medium: ['CONSULATE_FRESHNESS_MEDIUM', seconds(FRESHNESS.budgetMs.medium)],
    low: ['CONSULATE_FRESHNESS_LOW', seconds(FRESHNESS.budgetMs.low)],
    highAnchorLagMs: ['CONSULATE_MAX_ANCHOR_LAG', seconds(FRESHNESS.highAnchorLagMs)],
    highChainAgeMs: ['CONSULATE_MAX_CHAIN_AGE', seconds(FRESHNESS.highChainAgeMs)],
    lists: ['CONSULATE_MAX_STATUS_LISTS', variables.count.default(STATUS_LIMITS.lists)],
    bytes: ['CONSULATE_MAX_STATUS_BYTES', variables.count.default(STATUS_LIMITS.bytes)],
    outgoingAllow: ['CONSULATE_OUTGOING_ALLOW', variables.hosts],
    instances: [
      'CONSULATE_INSTANCES',
      jsonFile(instancesSchema)
        .optional()
        .transform((instances): VerifierInstances => instances ?? {}),
    ],
  })
  const { high, medium, low, highAnchorLagMs, highChainAgeMs, lists, bytes, ...rest } = extra
  const freshness = { budgetMs: { high, medium, low }, highAnchorLagMs, highChainAgeMs }
  return { ...config, ...rest, freshness, statusLimits: { lists, bytes } }
}

/** Given in seconds, kept in milliseconds. */
function seconds(standardMs: number) {
  return variables.count.transform((value) => value * 1000).default(standardMs)
}
