import { type Env, jsonFile, type ServiceConfig, serviceConfig, variables } from '@consulate/server'
import { instancesSchema, type VerifierInstances } from './instances.ts'

export interface VerifierConfig extends ServiceConfig {
  /** Hosts that outgoing requests may reach although they are private, or without TLS: of did:web documents, of foreign status lists. */
  outgoingAllow: string[]
  /** Verifiers by the general rules of VCDM 2.0, by name. */
  instances: VerifierInstances
}

/** The verifier's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): VerifierConfig {
  const { extra, ...config } = serviceConfig(env, 'VERIFIER', {
    outgoingAllow: ['CONSULATE_OUTGOING_ALLOW', variables.hosts],
    instances: [
      'CONSULATE_INSTANCES',
      jsonFile(instancesSchema)
        .optional()
        .transform((instances): VerifierInstances => instances ?? {}),
    ],
  })
  return { ...config, ...extra }
}
