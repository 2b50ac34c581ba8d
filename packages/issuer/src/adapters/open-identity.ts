import { type ChainClient, createRelayer } from '@consulate/registry'
import { createKeyResolver } from '@consulate/sdk'
import type { Database, Logger, Sealer } from '@consulate/server'
import { createAgent, NodeKms } from '@consulate/server/veramo'
import type { IssuerConfig } from '../config.ts'
import type { IssuerIdentity, Metrics } from '../ports.ts'
import type { IssuerOnChain } from './change-own-did.ts'
import { createIssuerIdentity, type IssuerKeys, openIssuerKeys } from './issuer-identity.ts'
import { publishIssuerKeys } from './publish-issuer-keys.ts'
import { assertRelayerApart } from './relayer-apart.ts'
import { warnOfEmptyRelayer } from './warn-of-empty-relayer.ts'

interface OpenIdentity {
  keys: IssuerKeys
  /** The DID URL of the key that signs credentials. */
  kid: string
  onChain: IssuerOnChain
  identity: Omit<IssuerIdentity, 'assertMaySign'>
}

/** The issuer's DID and keys, which are made and published on chain at the first start, and the relayer that pays for it. */
export async function openIdentity(
  config: Pick<IssuerConfig, 'relayerKey' | 'debug'>,
  parts: {
    client: ChainClient
    chain: IssuerOnChain['chain']
    database: Database
    sealer: Sealer
    metrics: Metrics
    logger: Logger
  },
): Promise<OpenIdentity> {
  const { client, chain, database, metrics } = parts
  const resolver = createKeyResolver({ chain, agreement: false })
  const kms = new NodeKms(database, parts.sealer)
  const agent = createAgent({
    database,
    kms,
    debug: config.debug,
    didResolver: resolver.documents,
    ethrNetworks: [{ chainId: chain.chainId, rpcUrl: chain.rpcUrls[0]!, registry: chain.didRegistry }],
  })
  const relayer = createRelayer(client, config.relayerKey)
  const keys = await openIssuerKeys(agent, database, chain.chainId)
  const onChain = { kms, client, chain, relayer, resolver, metrics }
  await assertRelayerApart(onChain, keys)
  const kid = (await database.alone('issuer keys', () => publishIssuerKeys(onChain, keys)))!
  await warnOfEmptyRelayer(client, relayer, parts.logger)
  return { keys, kid, onChain, identity: createIssuerIdentity(kms, keys, kid, chain) }
}
