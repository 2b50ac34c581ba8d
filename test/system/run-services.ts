import { envToConfig as issuerConfig, startIssuer } from '@consulate/issuer'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { startWallet, envToConfig as walletConfig } from '@consulate/wallet'

/** A process of its own for the three services: says on standard output where they are, and logs on standard error. */
const issuer = await startIssuer(issuerConfig(process.env))
const wallet = await startWallet(walletConfig(process.env))
const verifier = await startVerifier(verifierConfig(process.env))
const where = { issuer: issuer.url, wallet: wallet.url, verifier: verifier.url, issuerDid: issuer.did }
process.stdout.write(`${JSON.stringify(where)}\n`)
process.once('SIGTERM', async () => {
  await Promise.all([issuer.stop(), wallet.stop(), verifier.stop()])
  process.exit(0)
})
