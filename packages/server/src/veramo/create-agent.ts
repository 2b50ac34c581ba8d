import { createAgent as createVeramoAgent } from '@veramo/core'
import type { ICredentialIssuer, IDIDManager, IKeyManager, IResolver, TAgent } from '@veramo/core-types'
import { DIDManager } from '@veramo/did-manager'
import { KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager } from '@veramo/key-manager'
import type { Resolvable } from 'did-resolver'
import { lockName } from '../db/across-instances.ts'
import type { Database } from '../db/database.ts'
import { KMS_NAME, type NodeKms } from '../keys/node-kms.ts'
import { CanonicalEthrDidProvider, chainName, type EthrNetwork } from './canonical-ethr-did-provider.ts'
import { DidStore } from './did-store.ts'
import { ExactCredentialPlugin } from './exact-credential-plugin.ts'
import { KeyStore } from './key-store.ts'
import { refuseVeramoDebug } from './refuse-debug.ts'
import { VcJoseProvider } from './vc-jose-provider.ts'

export type Agent = TAgent<IKeyManager & IDIDManager & IResolver & ICredentialIssuer>

export interface AgentOptions {
  database: Database
  kms: NodeKms
  didResolver: Resolvable
  /** The environment's DEBUG: with what Veramo would print private keys for, there is no agent. */
  debug: string | undefined
  /** Chains on which did:ethr may be created, as provider `did:ethr:<chain id in hex>`. */
  ethrNetworks?: EthrNetwork[]
}

/**
 * Veramo for keys, DIDs, resolution and signing credentials, over our stores. DIDs are did:key unless asked otherwise.
 *
 * @throws DomainError `unavailable` when DEBUG would print private keys
 */
export function createAgent({ database, kms, didResolver, debug, ethrNetworks = [] }: AgentOptions): Agent {
  refuseVeramoDebug(debug)
  const didManager = new DIDManager({
    store: new DidStore(database),
    defaultProvider: 'did:key',
    providers: {
      'did:key': new KeyDIDProvider({ defaultKms: KMS_NAME }),
      ...Object.fromEntries(
        ethrNetworks.map((network) => [
          `did:ethr:${chainName(network.chainId)}`,
          new CanonicalEthrDidProvider(network),
        ]),
      ),
    },
  })
  return createVeramoAgent<IKeyManager & IDIDManager & IResolver & ICredentialIssuer>({
    plugins: [
      new KeyManager({ store: new KeyStore(database), kms: { [KMS_NAME]: kms } }),
      didManager,
      new DIDResolverPlugin({ resolver: didResolver }),
      new ExactCredentialPlugin([new VcJoseProvider()]),
    ],
    overrides: inTransactions(database, didManager.methods),
  })
}

/**
 * Veramo writes a key, its public side and the DID one by one, and looks an alias up before it creates it: in one
 * transaction none is left without the others, and of many callers one creates.
 */
function inTransactions(database: Database, methods: IDIDManager) {
  const { didManagerCreate, didManagerGetOrCreate, didManagerImport, didManagerSetAlias, didManagerDelete } = methods
  return {
    didManagerCreate: (...args) => database.transaction(() => didManagerCreate(...args)),
    didManagerGetOrCreate: (...args) =>
      database.transaction(async (tx) => {
        await lockName(tx, `alias ${args[0].alias}`)
        return didManagerGetOrCreate(...args)
      }),
    didManagerImport: (...args) => database.transaction(() => didManagerImport(...args)),
    didManagerSetAlias: (...args) => database.transaction(() => didManagerSetAlias(...args)),
    didManagerDelete: (...args) => database.transaction(() => didManagerDelete(...args)),
  } satisfies Partial<IDIDManager>
}
