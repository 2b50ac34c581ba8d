export { envToConfig, type VerifierConfig } from './config.ts'
export { verifierMigrations } from './context.ts'
export { startVerifier } from './main.ts'
