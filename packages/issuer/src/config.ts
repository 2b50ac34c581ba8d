import { type Env, type ServiceConfig, serviceConfig, variables } from '@consulate/server'

export interface IssuerConfig extends ServiceConfig {
  /** Pays gas, may do nothing else. */
  relayerKey: `0x${string}`
  finality: 'finalized' | 'safe' | number
}

/** The issuer's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): IssuerConfig {
  const { extra, ...config } = serviceConfig(env, 'ISSUER', {
    relayerKey: ['CONSULATE_RELAYER_KEY', variables.relayerKey],
    finality: ['CONSULATE_FINALITY', variables.finality],
  })
  return { ...config, ...extra }
}
