import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  createAgent,
  type ICredentialIssuer,
  type IDataStore,
  type IDIDManager,
  type IKeyManager,
  type IResolver,
} from '@veramo/core'
import { CredentialProviderJWT } from '@veramo/credential-jwt'
import { CredentialPlugin } from '@veramo/credential-w3c'
import { DataStore, DIDStore, Entities, KeyStore, migrations, PrivateKeyStore } from '@veramo/data-store'
import { DIDManager } from '@veramo/did-manager'
import { getDidKeyResolver, KeyDIDProvider } from '@veramo/did-provider-key'
import { DIDResolverPlugin } from '@veramo/did-resolver'
import { KeyManager } from '@veramo/key-manager'
import { KeyManagementSystem, SecretBox } from '@veramo/kms-local'
import { Resolver } from 'did-resolver'

export interface StockIssuer {
  /** Creates one credential for this agent and saves it. */
  issue(agent: string): Promise<void>
  close(): Promise<void>
}

/** Veramo's own plugins and stores, with the TypeORM version they ask for, on SQLite. */
export async function openStockIssuer(folder: string): Promise<StockIssuer> {
  // The stores' own TypeORM, which is not ours.
  const { DataSource } = createRequire(import.meta.resolve('@veramo/data-store'))('typeorm')
  const source = await new DataSource({
    type: 'better-sqlite3',
    database: join(folder, 'stock.sqlite'),
    entities: Entities,
    migrations,
    migrationsRun: true,
  }).initialize()
  const box = new SecretBox(await SecretBox.createSecretKey())
  const agent = createAgent<IKeyManager & IDIDManager & IResolver & ICredentialIssuer & IDataStore>({
    plugins: [
      new KeyManager({
        store: new KeyStore(source),
        kms: { local: new KeyManagementSystem(new PrivateKeyStore(source, box)) },
      }),
      new DIDManager({
        store: new DIDStore(source),
        defaultProvider: 'did:key',
        providers: { 'did:key': new KeyDIDProvider({ defaultKms: 'local' }) },
      }),
      new DIDResolverPlugin({ resolver: new Resolver(getDidKeyResolver(), { cache: true }) }),
      new CredentialPlugin([new CredentialProviderJWT()]),
      new DataStore(source),
    ],
  })
  const { did } = await agent.didManagerCreate({ options: { keyType: 'Ed25519' } })
  return {
    async issue(subject) {
      const credentialSubject = { id: subject, role: 'payments.approver', operator: 'ops@retailer.example' }
      const verifiableCredential = await agent.createVerifiableCredential({
        credential: { issuer: did, type: ['VerifiableCredential', 'AgentRoleCredential'], credentialSubject },
        proofFormat: 'jwt',
      })
      await agent.dataStoreSaveVerifiableCredential({ verifiableCredential })
    },
    close: () => source.destroy(),
  }
}
