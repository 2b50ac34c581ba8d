import { type Env, jsonFile, type ServiceConfig, serviceConfig, variables } from '@consulate/server'
import { type IssuerInstances, instancesSchema } from './instances.ts'

export interface IssuerConfig extends ServiceConfig {
  /** Pays gas, may do nothing else. */
  relayerKey: `0x${string}`
  finality: 'finalized' | 'safe' | number
  /** Issuers of credentials of any kind, by name. */
  instances: IssuerInstances
}

/** The issuer's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): IssuerConfig {
  const { extra, ...config } = serviceConfig(env, 'ISSUER', {
    relayerKey: ['CONSULATE_RELAYER_KEY', variables.relayerKey],
    finality: ['CONSULATE_FINALITY', variables.finality],
    instances: [
      'CONSULATE_INSTANCES',
      jsonFile(instancesSchema)
        .optional()
        .transform((instances): IssuerInstances => instances ?? {}),
    ],
  })
  return { ...config, ...extra }
}
