import { type Env, type ServiceConfig, serviceConfig, variables } from '@consulate/server'

export interface WalletConfig extends ServiceConfig {
  /** Pays for changes of did:ethr agents, may do nothing else; undefined when there are none to pay for. */
  relayerKey: `0x${string}` | undefined
  finality: 'finalized' | 'safe' | number
}

/** The wallet's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): WalletConfig {
  const { extra, ...config } = serviceConfig(env, 'WALLET', {
    relayerKey: ['CONSULATE_WALLET_RELAYER_KEY', variables.relayerKey.optional()],
    finality: ['CONSULATE_FINALITY', variables.finality],
  })
  return { ...config, ...extra }
}
