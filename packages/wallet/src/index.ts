export { envToConfig, type WalletConfig } from './config.ts'
export { walletMigrations } from './context.ts'
export { startWallet } from './main.ts'
