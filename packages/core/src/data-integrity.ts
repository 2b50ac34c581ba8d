export { addProof, type ProofRequest } from './data-integrity/add-proof.ts'
export { type CryptosuiteName, cryptosuiteSchema, type Proof } from './data-integrity/proof.ts'
export { type ProofDemand, verifyProofs } from './data-integrity/verify-proofs.ts'
export { checkTerms } from './json-ld/check-terms.ts'
export type { SecuredPorts } from './securing/ports.ts'
export { verifySecuredCredential } from './securing/verify-secured-credential.ts'
export {
  type SecuredPresentationDemand,
  type VerifiedSecuredPresentation,
  verifySecuredPresentation,
} from './securing/verify-secured-presentation.ts'
export { type AnyCredential, issuerOf, readCredentialShape } from './vcdm/credential-shape.ts'
export { type AnyPresentation, readPresentationShape } from './vcdm/presentation-shape.ts'
