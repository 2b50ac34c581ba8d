import { type Address, bytesToHex, type Hex } from 'viem'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'
import { lowerCase } from '../chain/lower-case.ts'

export interface DevnetAccount {
  address: Address
  privateKey: Hex
}

/** Everybody knows these words; their accounts are worth nothing outside a devnet. */
export const DEVNET_MNEMONIC = 'test test test test test test test test test test test junk'
export const DEVNET_ACCOUNTS = 10

let known: DevnetAccount[] | undefined

/** The accounts that anvil funds. */
export function devnetAccounts(): DevnetAccount[] {
  known ??= deriveAccounts()
  return known.map((account) => ({ ...account }))
}

function deriveAccounts(): DevnetAccount[] {
  const branch = mnemonicToAccount(DEVNET_MNEMONIC, { path: "m/44'/60'/0'/0" }).getHdKey()
  return Array.from({ length: DEVNET_ACCOUNTS }, (_, index) => {
    const privateKey = bytesToHex(branch.deriveChild(index).privateKey!)
    return { address: lowerCase(privateKeyToAddress(privateKey)), privateKey }
  })
}
