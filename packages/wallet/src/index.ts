export { envToConfig, type WalletConfig } from './config.ts'
export { type RunningWallet, startWallet } from './main.ts'
