export { envToConfig, type WalletConfig } from './config.ts'
export { startWallet } from './main.ts'
