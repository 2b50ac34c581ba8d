import { type Env, type ServiceConfig, serviceConfig, variables } from '@consulate/server'

export interface VerifierConfig extends ServiceConfig {
  /** Hosts of did:web documents that may be private, or without TLS. */
  outgoingAllow: string[]
}

/** The verifier's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): VerifierConfig {
  const { extra, ...config } = serviceConfig(env, 'VERIFIER', {
    outgoingAllow: ['CONSULATE_OUTGOING_ALLOW', variables.hosts],
  })
  return { ...config, ...extra }
}
