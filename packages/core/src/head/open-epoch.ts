import { type Hex, hashStruct, type RegistryDomain, typedDataDigest } from './typed-data.ts'

const OPEN_EPOCH_TYPE = 'OpenEpoch(address issuer,uint32 epoch)'

/** The beginning of an epoch, which only the owner of the issuer's DID can sign. Hex in lower case. */
export interface EpochOpening {
  issuer: Hex
  /** One more than the epoch before it. */
  epoch: number
}

/** EIP-712 digest of the opening: what the ERC-1056 owner of the issuer signs. */
export function openEpochDigest({ issuer, epoch }: EpochOpening, domain: RegistryDomain): Hex {
  return typedDataDigest(hashStruct(OPEN_EPOCH_TYPE, [issuer, epoch]), domain)
}
