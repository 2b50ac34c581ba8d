export { envToConfig, type VerifierConfig } from './config.ts'
export { startVerifier } from './main.ts'
