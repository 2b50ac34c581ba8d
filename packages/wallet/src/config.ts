import { type Env, type ServiceConfig, serviceConfig } from '@consulate/server'

export type WalletConfig = ServiceConfig

/** The wallet's configuration, checked; throws a ConfigError with one line for every mistake. */
export function envToConfig(env: Env): WalletConfig {
  const { extra: _none, ...config } = serviceConfig(env, 'WALLET', {})
  return config
}
