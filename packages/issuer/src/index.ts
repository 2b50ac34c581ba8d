export { envToConfig, type IssuerConfig } from './config.ts'
export { issuerMigrations } from './context.ts'
export { type RunningIssuer, startIssuer } from './main.ts'
