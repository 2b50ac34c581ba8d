export { envToConfig, type VerifierConfig } from './config.ts'
export { type RunningVerifier, startVerifier } from './main.ts'
