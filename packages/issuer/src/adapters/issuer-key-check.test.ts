import { DomainError, type VerificationMethod } from '@consulate/core'
import { expect } from 'chai'
import { assertIssuerKey } from './issuer-key-check.ts'

const DID = 'did:ethr:0x7a69:0x1111111111111111111111111111111111111111'
const KID = `${DID}#delegate-1`

describe("the check of an issuer's key", () => {
  const outcome = (purposes: VerificationMethod['purposes'], kid = KID) => {
    const method = { id: kid, purposes } as VerificationMethod
    const keys = { did: DID, verificationMethods: new Map([[kid, method]]) }
    return assertIssuerKey({ resolveKeys: () => keys }, DID, KID).then(
      () => 'ok',
      (error) => error.reason,
    )
  }
  const failing = (code: 'did_unresolvable' | 'did_deactivated') =>
    assertIssuerKey({ resolveKeys: () => Promise.reject(new DomainError(code, 'no')) }, DID, KID).then(
      () => 'ok',
      (error) => error.code,
    )

  it('holds while the key stands in the document to assert with', async () => {
    expect(await outcome(new Set(['assertionMethod']))).to.equal('ok')
    expect(await outcome(new Set(['authentication']))).to.equal('key_not_authorized')
    expect(await outcome(new Set(['assertionMethod']), `${DID}#delegate-2`)).to.equal('key_not_authorized')
  })

  it('fails with a DID that was given up, not with a chain that is silent', async () => {
    expect(await failing('did_deactivated')).to.equal('did_deactivated')
    expect(await failing('did_unresolvable')).to.equal('ok')
  })
})
