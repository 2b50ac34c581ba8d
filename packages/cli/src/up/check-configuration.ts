import { envToConfig as issuerConfig } from '@consulate/issuer'
import { ConfigError } from '@consulate/server'
import { envToConfig as verifierConfig } from '@consulate/verifier'
import { envToConfig as walletConfig } from '@consulate/wallet'
import type { Env } from '../services/data-folder.ts'

export interface Configuration {
  issuer: ReturnType<typeof issuerConfig>
  wallet: ReturnType<typeof walletConfig>
  verifier: ReturnType<typeof verifierConfig>
}

/** The configuration of all three services. Throws a ConfigError with every mistake of all of them, each one once. */
export function checkConfiguration(env: Env): Configuration {
  const mistakes = new Set<string>()
  const attempt = <Config>(envToConfig: (env: Env) => Config): Config => {
    try {
      return envToConfig(env)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const mistake of error.mistakes) mistakes.add(mistake)
      return undefined as Config // never seen: there is a mistake
    }
  }
  const checked = {
    issuer: attempt(issuerConfig),
    wallet: attempt(walletConfig),
    verifier: attempt(verifierConfig),
  }
  if (mistakes.size > 0) throw new ConfigError([...mistakes])
  return checked
}
