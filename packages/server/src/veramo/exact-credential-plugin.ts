import type {
  ICreateVerifiableCredentialArgs,
  ICreateVerifiablePresentationArgs,
  IssuerAgentContext,
  VerifiableCredential,
  VerifiablePresentation,
} from '@veramo/core-types'
import { CredentialPlugin } from '@veramo/credential-w3c'

/**
 * Veramo's plugin prepends the VCDM 1.1 context and an `issuanceDate` to the very object it is handed, and cannot read
 * enveloped credentials in presentations. It gets a stand-in that names the signer; the provider gets the document.
 */
export class ExactCredentialPlugin extends CredentialPlugin {
  override createVerifiableCredential(
    { credential, ...args }: ICreateVerifiableCredentialArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const standIn = { issuer: credential.issuer }
    return super.createVerifiableCredential(
      { ...args, proofFormat: args.proofFormat, credential: standIn, document: credential },
      context,
    )
  }

  override createVerifiablePresentation(
    { presentation, ...args }: ICreateVerifiablePresentationArgs,
    context: IssuerAgentContext,
  ): Promise<VerifiablePresentation> {
    const standIn = { holder: presentation.holder }
    return super.createVerifiablePresentation(
      { ...args, proofFormat: args.proofFormat, presentation: standIn, document: presentation },
      context,
    )
  }
}
