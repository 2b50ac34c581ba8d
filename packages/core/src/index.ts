export {
  buildRoleCredential,
  type RoleGrant,
  type StatusPosition,
  statusEntry,
} from './credential/build-role-credential.ts'
export { CREDENTIALS_V2, ROLE_CREDENTIAL_TYPE } from './credential/context.ts'
export { MAX_CREDENTIAL_BYTES, type OpenedCredential, openRoleCredential } from './credential/open-role-credential.ts'
export {
  constraintsSchema,
  operatorSchema,
  type RoleCredential,
  type StatusPurpose,
} from './credential/role-credential.ts'
export { matchesRole, roleNameSchema, rolePatternSchema } from './credential/role-name.ts'
export { type Sensitivity, sensitivitySchema } from './credential/sensitivity.ts'
export { CLOCK_SKEW, checkCredentialPeriod, verifyCredentialSignature } from './credential/verify-role-credential.ts'
export { canonicalDid } from './did/canonical-did.ts'
export { encodeDidKey, resolveDidKey } from './did/did-key.ts'
export { didKeyDocument } from './did/did-key-document.ts'
export { ethrDid, parseEthrDid } from './did/ethr-did.ts'
export { importEd25519PublicKey, importP256PublicKey, importSecp256k1PublicKey } from './did/import-public-key.ts'
export type { DidKeys, ProofPurpose, SignatureAlgorithm, VerificationMethod } from './did/verification-method.ts'
export { DomainError, type DomainErrorOptions, type ErrorCode } from './errors.ts'
export { checkSuccessor } from './head/check-successor.ts'
export { recoverSigner } from './head/eth-signature.ts'
export { excludeEachOther } from './head/exclude-each-other.ts'
export { type Head, type Hex, hashHead, headDigest, headSchema, type RegistryDomain } from './head/head.ts'
export { bitstringDigest, headRoot, type StatusEntry, statusEntrySchema } from './head/head-root.ts'
export { ISSUER_KILL_TARGET, KILL_SCOPE, type Kill, killDigest, killTarget } from './head/kill.ts'
export { type EpochOpening, openEpochDigest } from './head/open-epoch.ts'
export { checkHeader } from './jose/check-header.ts'
export { decodeCompactJws } from './jose/compact-jws.ts'
export { type Envelope, envelope, type SecuredType } from './jose/envelope.ts'
export { verifySignature } from './jose/verify-signature.ts'
export { describeIssue } from './json/describe-issue.ts'
export { quote } from './json/quote.ts'
export { parseStrictJson } from './json/strict-json.ts'
export type {
  ChallengePorts,
  RememberedCredential,
  RememberedCredentials,
  VerificationPorts,
} from './presentation/ports.ts'
export {
  buildPresentation,
  challengeSchema,
  domainSchema,
  htmSchema,
  htuSchema,
  MAX_CREDENTIALS,
  MAX_PRESENTATION_BYTES,
  MAX_PRESENTATION_LIFETIME,
  type Presentation,
  type PresentationRequest,
} from './presentation/presentation.ts'
export type { VerifiedRole, VerifiedRoles } from './presentation/verified-roles.ts'
export { verifyCredential } from './presentation/verify-credential.ts'
export {
  type PresentationDemand,
  type VerifiedPresentation,
  verifyPresentation,
} from './presentation/verify-presentation.ts'
export { acceptEntries } from './status/accept-entries.ts'
export { acceptList } from './status/accept-list.ts'
export { checkHeadExpiry } from './status/check-head-expiry.ts'
export {
  checkStatus,
  type IssuerStatus,
  type StatusEvidence,
  type StatusQuery,
} from './status/check-status.ts'
export { DELTA_TYPE, type Delta, MAX_DELTA_INDICES, openDelta } from './status/delta.ts'
export {
  type EquivocationEvidence,
  equivocationEvidenceSchema,
  MAX_EQUIVOCATIONS,
  verifyEvidence,
} from './status/equivocation-evidence.ts'
export { FRESHNESS, type Freshness } from './status/freshness.ts'
export { HEARTBEAT_TYPE, type Heartbeat, openHeartbeat } from './status/heartbeat.ts'
export {
  type PublishedHead,
  type PushedHead,
  publishedHeadSchema,
  pushedHeadSchema,
  showEntries,
  signedHeadSchema,
  verifyHead,
} from './status/published-head.ts'
export {
  decodeBitstring,
  emptyBitstring,
  encodeBitstring,
  getBit,
  indicesSet,
  LIST_BITS,
  parseStatusListIndex,
  withBit,
  withBits,
} from './status-list/bitstring.ts'
export { permuteIndex } from './status-list/index-permutation.ts'
export {
  buildStatusListCredential,
  checkStatusListCredential,
  type StatusListCredential,
} from './status-list/status-list-credential.ts'
export { formatDateTime, parseDateTime } from './time/date-time.ts'
