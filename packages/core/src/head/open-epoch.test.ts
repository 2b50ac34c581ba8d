import { expect } from 'chai'
import vectors from '../../../../test/vectors/valid/head.json' with { type: 'json' }
import { recoverSigner } from './eth-signature.ts'
import type { Hex, RegistryDomain } from './head.ts'
import { type EpochOpening, openEpochDigest } from './open-epoch.ts'

describe('openEpochDigest', () => {
  for (const [i, { opening, domain, digest, signature, signer }] of vectors.openings.entries()) {
    it(`hashes vector ${i} as an EIP-712 library did, and finds who signed it`, () => {
      const own = openEpochDigest(opening as EpochOpening, domain as RegistryDomain)
      expect(own).to.equal(digest)
      expect(recoverSigner(own, signature as Hex)).to.equal(signer)
    })
  }
})
