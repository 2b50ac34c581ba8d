import type { Env, RunningService } from '@consulate/server'

/** Runs one service of the fleet in this process, and says where it is on standard output. */
const STARTS: Record<string, (env: Env) => Promise<RunningService>> = {
  async issuer(env) {
    const { startIssuer, envToConfig } = await import('@consulate/issuer')
    return startIssuer(envToConfig(env))
  },
  async wallet(env) {
    const { startWallet, envToConfig } = await import('@consulate/wallet')
    return startWallet(envToConfig(env))
  },
  async verifier(env) {
    const { startVerifier, envToConfig } = await import('@consulate/verifier')
    return startVerifier(envToConfig(env))
  },
}

const running = await STARTS[process.argv[2]!]!(process.env)
process.once('SIGTERM', () => void running.stop())
console.log(JSON.stringify(running))
