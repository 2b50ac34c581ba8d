export { type ChainReader, createChainReader } from './chain-reader.ts'
export type { ChainSettings } from './chain-settings.ts'
export { createKeyResolver, type KeyResolver, type KeyResolverOptions } from './did/key-resolver.ts'
export { watchRegistry } from './did/watch-registry.ts'
export { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts'
export { openChain } from './open-chain.ts'
export {
  type AdministratorEntry,
  type AdministratorRequest,
  type AdministratorScope,
  administratorsClient,
  type NewAdministrator,
} from './rest/administrators-client.ts'
export {
  type AnchorState,
  type CredentialRecord,
  type IssuedRole,
  issuerClient,
  type MassRevocation,
  type Revocation,
  type RoleDefinition,
  type RoleGrant,
  type StatusHead,
} from './rest/issuer-client.ts'
export { type Endpoint, ServiceError } from './rest/request.ts'
export { type Trust, verifierAdminClient, verifierClient } from './rest/verifier-client.ts'
export {
  type HeldCredential,
  type PresentationOptions,
  type Rotation,
  type WalletAgent,
  walletAdminClient,
  walletClient,
} from './rest/wallet-client.ts'
export type { ChainClaim } from './status/follow-chain.ts'
export { type FollowOptions, followIssuer, type IssuerFollower } from './status/follow-issuer.ts'
export type { Equivocation, MemoryStore } from './status/issuer-memory.ts'
export { STATUS_LIMITS, type StatusLimits } from './status/status-limits.ts'
export { createEvidence, type EvidenceOptions } from './verification/create-evidence.ts'
