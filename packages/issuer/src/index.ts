export { envToConfig, type IssuerConfig } from './config.ts'
export { type RunningIssuer, startIssuer } from './main.ts'
