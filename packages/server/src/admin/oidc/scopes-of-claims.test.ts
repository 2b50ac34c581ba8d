import { expect } from 'chai'
import type { Scope } from '../scope.ts'
import type { ClaimScopes } from './oidc-config.ts'
import { scopesOfClaims } from './scopes-of-claims.ts'

const MAPPING: ClaimScopes = {
  groups: { platform: ['issue', 'revoke'], audit: ['read'] },
  scope: { 'consulate:trust': ['trust'] },
  'https://consulate.example/role': { admin: ['issue', 'revoke', 'trust', 'read'] },
}

const ALSO_PROTOTYPE: ClaimScopes = { constructor: { Object: ['issue'] } } as never

describe('scopes of claims', () => {
  const cases: Record<string, [claims: Record<string, unknown>, scopes: Scope[]]> = {
    'are those of each value that is mapped': [{ groups: ['audit', 'platform'] }, ['issue', 'revoke', 'read']],
    'are each given once': [{ groups: ['audit', 'audit'], scope: 'consulate:trust' }, ['trust', 'read']],
    'are given for one value that is no list': [{ groups: 'audit' }, ['read']],
    'are given for a claim whose name is a URL': [
      { 'https://consulate.example/role': 'admin' },
      ['issue', 'revoke', 'trust', 'read'],
    ],
    'are given for each word of an OAuth scope': [{ scope: 'openid consulate:trust' }, ['trust']],
    'are not given for a word of any other claim': [{ groups: 'mallory platform' }, []],
    'are not given for another spelling': [{ groups: ['Platform', 'platform '], Groups: ['platform'] }, []],
    'are not given for what is no text': [{ groups: [['platform'], { platform: 1 }, 1, null, true] }, []],
    'are not given for what every object has': [{ groups: ['constructor', '__proto__', 'toString'] }, []],
    'are not given to nobody': [{}, []],
  }
  for (const [what, [claims, scopes]] of Object.entries(cases))
    it(what, () => {
      expect(scopesOfClaims(claims, MAPPING)).to.deep.equal(scopes)
    })

  it('are not given for a claim that every object has', () => {
    expect(scopesOfClaims({}, ALSO_PROTOTYPE)).to.deep.equal([])
  })
})
