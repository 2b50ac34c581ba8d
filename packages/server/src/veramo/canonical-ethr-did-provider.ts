import { ethrDid } from '@consulate/core'
import type { IIdentifier } from '@veramo/core-types'
import { EthrDIDProvider, KmsEthereumSigner } from '@veramo/did-provider-ethr'
import { KMS_NAME } from '../keys/node-kms.ts'

/** An ERC-1056 registry on one chain. */
export interface EthrNetwork {
  chainId: number
  rpcUrl: string
  registry: string
}

/** Veramo's provider names a DID by its public key; here a DID has one spelling, by address. */
export class CanonicalEthrDidProvider extends EthrDIDProvider {
  readonly #chainId: number

  constructor({ chainId, rpcUrl, registry }: EthrNetwork) {
    super({ defaultKms: KMS_NAME, networks: [{ name: chainName(chainId), chainId, rpcUrl, registry }] })
    this.#chainId = chainId
  }

  override async createIdentifier(
    ...[args, context]: Parameters<EthrDIDProvider['createIdentifier']>
  ): Promise<Omit<IIdentifier, 'provider'>> {
    const identifier = await super.createIdentifier(args, context)
    const key = await context.agent.keyManagerGet({ kid: identifier.controllerKeyId ?? '' })
    const address = await new KmsEthereumSigner(key, context).getAddress()
    return { ...identifier, did: ethrDid(this.#chainId, address as `0x${string}`) }
  }
}

/** The chain as did:ethr and Veramo's provider names spell it: `0x7a69`. */
export function chainName(chainId: number): string {
  return `0x${chainId.toString(16)}`
}
