import { type Env, type ServiceConfig, serviceConfig, variables } from '@consulate/server'
import { z } from 'zod'

export interface IssuerConfig extends ServiceConfig {
  /** Pays gas, may do nothing else. */
  relayerKey: `0x${string}`
  finality: 'finalized' | 'safe' | number
}

const relayerKey = z
  .string({ error: 'is missing; give the private key of a funded account that pays for transactions' })
  .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a private key: 0x and 64 hex digits')
  .transform((key) => key as `0x${string}`)

const finality = z
  .union([z.enum(['finalized', 'safe']), variables.wholeNumber], {
    error: 'must be finalized, safe, or a depth in blocks',
  })
  .default('finalized')

/** The issuer's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): IssuerConfig {
  const { extra, ...config } = serviceConfig(env, 'ISSUER', {
    relayerKey: ['CONSULATE_RELAYER_KEY', relayerKey],
    finality: ['CONSULATE_FINALITY', finality],
  })
  return { ...config, ...extra }
}
