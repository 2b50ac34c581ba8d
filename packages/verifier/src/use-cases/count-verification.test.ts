import { DomainError, type ErrorCode } from '@consulate/core'
import { expect } from 'chai'
import { countVerification } from './count-verification.ts'

describe('counting verifications', () => {
  const countedFor = async (verify: () => unknown) => {
    const counted: string[] = []
    const metrics = { verified: (kind: string, outcome: string) => void counted.push(`${kind} ${outcome}`) }
    await countVerification({ metrics }, 'presentation', verify).catch(() => undefined)
    return counted
  }
  const refusal = (code: ErrorCode) => () => {
    throw new DomainError(code, 'no')
  }

  it('tells what was refused from what could not be decided for want of evidence', async () => {
    expect(await countedFor(() => 'yes')).to.deep.equal(['presentation verified'])
    for (const code of ['credential_revoked', 'signature_invalid', 'issuer_equivocated', 'status_rollback'] as const)
      expect(await countedFor(refusal(code)), code).to.deep.equal(['presentation refused'])
    for (const code of ['status_stale', 'status_unavailable', 'head_expired', 'issuer_keys_unknown'] as const)
      expect(await countedFor(refusal(code)), code).to.deep.equal(['presentation undecided'])
  })

  it('counts nothing of one that broke off', async () => {
    const bug = () => {
      throw new TypeError('a bug')
    }
    expect(await countedFor(bug)).to.deep.equal([])
  })
})
