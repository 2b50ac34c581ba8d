import { expect } from 'chai'
import { keccak256, toBytes } from 'viem'
import vectors from '../../../../test/vectors/valid/head.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import type { RegistryDomain } from './head.ts'
import { ISSUER_KILL_TARGET, KILL_SCOPE, type Kill, killDigest, killTarget } from './kill.ts'

describe('killDigest', () => {
  for (const [i, { kill, domain, digest }] of vectors.kills.entries()) {
    it(`hashes vector ${i} as an EIP-712 library did`, () => {
      expect(killDigest(kill as Kill, domain as RegistryDomain)).to.equal(digest)
    })
  }
})

describe('killTarget', () => {
  const { agent, kill } = vectors.kills[0]!

  it('is keccak-256 of the DID', () => {
    expect(killTarget(agent!)).to.equal(kill.target)
    expect(killTarget(agent!)).to.equal(keccak256(toBytes(agent!)))
  })

  it('refuses a DID spelled another way, which would dodge the kill', () => {
    expect(() => killTarget('did:ethr:0x7A69:0x5fbdb2315678afecb367f032d93f642f64180aa3'))
      .to.throw(DomainError)
      .with.property('code', 'did_not_canonical')
  })

  it('is zero for the issuer itself', () => {
    const issuerKill = vectors.kills[1]!.kill
    expect(issuerKill).to.include({ scope: KILL_SCOPE.issuer, target: ISSUER_KILL_TARGET })
  })
})
