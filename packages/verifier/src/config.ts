import { type Env, type ServiceConfig, serviceConfig } from '@consulate/server'

export type VerifierConfig = ServiceConfig

/** The verifier's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): VerifierConfig {
  const { extra: _none, ...config } = serviceConfig(env, 'VERIFIER', {})
  return config
}
