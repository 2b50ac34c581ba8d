import { startIssuer, envToConfig as toIssuerConfig } from '@consulate/issuer'
import type { Env, RunningService } from '@consulate/server'
import { startVerifier, envToConfig as toVerifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as toWalletConfig } from '@consulate/wallet'

/** Runs one service of the fleet in this process, and says where it is on standard output. */
const STARTS: Record<string, (env: Env) => Promise<RunningService>> = {
  issuer: (env) => startIssuer(toIssuerConfig(env)),
  wallet: (env) => startWallet(toWalletConfig(env)),
  verifier: (env) => startVerifier(toVerifierConfig(env)),
}

const running = await STARTS[process.argv[2]!]!(process.env)
process.once('SIGTERM', () => void running.stop())
console.log(JSON.stringify(running))
