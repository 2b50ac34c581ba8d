import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../errors.ts'
import { checkHeader } from './check-header.ts'

const DID = 'did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw'
const KID = `${DID}#${DID.slice(8)}`
const GOOD = { typ: 'vc+jwt', alg: 'EdDSA', kid: KID }
const refuses = (header: Record<string, unknown>, code: string, typ = 'vc+jwt') =>
  expect(() => checkHeader(header, { typ }), JSON.stringify(header))
    .to.throw(DomainError)
    .with.property('code', code)

describe('checkHeader', () => {
  it('returns the algorithm and the key id', () => {
    for (const alg of ['EdDSA', 'ES256', 'ES256K']) {
      expect(checkHeader({ ...GOOD, alg }, { typ: 'vc+jwt' })).to.deep.equal({ alg, kid: KID })
    }
    const kid = 'did:ethr:0x7a69:0x5fbdb2315678afecb367f032d93f642f64180aa3#delegate-1'
    expect(checkHeader({ ...GOOD, kid }, { typ: 'vc+jwt' }).kid).to.equal(kid)
  })

  it('refuses a token of one type where another is due', () => {
    const types = ['vc+jwt', 'vp+jwt', 'at+jwt', 'consulate-delta+jwt']
    for (const typ of types)
      for (const due of types) if (typ !== due) refuses({ ...GOOD, typ }, 'token_type_invalid', due)
    for (const typ of [undefined, null, '', 'JWT', 'VC+JWT', 'application/vc+jwt', ['vc+jwt'], 'vc+jwt ']) {
      refuses({ ...GOOD, typ }, 'token_type_invalid')
    }
  })

  it('refuses alg none in all spellings', () => {
    for (const alg of ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, undefined])
      refuses({ ...GOOD, alg }, 'algorithm_not_allowed')
  })

  it('refuses symmetric, RSA and near algorithms', () => {
    for (const alg of [
      'HS256',
      'HS512',
      'RS256',
      'PS256',
      'ES384',
      'ES256K-R',
      'Ed25519',
      'eddsa',
      'dir',
      'A128KW',
      1,
      ['EdDSA'],
      {},
    ]) {
      refuses({ ...GOOD, alg }, 'algorithm_not_allowed')
    }
  })

  it('refuses names of Object.prototype and any other string as alg', () => {
    for (const alg of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      refuses({ ...GOOD, alg }, 'algorithm_not_allowed')
    fc.assert(
      fc.property(
        fc.string().filter((alg) => !['EdDSA', 'ES256', 'ES256K'].includes(alg)),
        (alg) => {
          refuses({ ...GOOD, alg }, 'algorithm_not_allowed')
        },
      ),
    )
  })

  it('refuses crit, embedded or remote keys, b64 and every unknown member', () => {
    for (const name of [
      'crit',
      'jwk',
      'jku',
      'x5u',
      'x5c',
      'x5t',
      'x5t#S256',
      'b64',
      'zip',
      'enc',
      'iss',
      'Alg',
      'foo',
    ]) {
      refuses({ ...GOOD, [name]: 'x' }, 'header_not_allowed')
      refuses({ ...GOOD, [name]: undefined }, 'header_not_allowed')
    }
  })

  it('accepts the cty that belongs to the type and no other', () => {
    checkHeader({ ...GOOD, cty: 'vc' }, { typ: 'vc+jwt' })
    checkHeader({ ...GOOD, typ: 'vp+jwt', cty: 'vp' }, { typ: 'vp+jwt' })
    for (const cty of ['vp', 'VC', '', null, 'application/vc', 1]) refuses({ ...GOOD, cty }, 'header_not_allowed')
    refuses({ ...GOOD, typ: 'vp+jwt', cty: 'vc' }, 'header_not_allowed', 'vp+jwt')
    refuses({ ...GOOD, typ: 'consulate-delta+jwt', cty: 'vc' }, 'header_not_allowed', 'consulate-delta+jwt')
  })

  it('refuses a kid that is no absolute DID URL with one sane fragment', () => {
    const bad = [
      undefined,
      null,
      1,
      [KID],
      '',
      '#key',
      'key-1',
      '../../etc/passwd',
      "' OR 1=1 --",
      'https://x.example/#k',
      DID,
      `${DID}#`,
      `${KID}#x`,
    ]
    for (const kid of [
      ...bad,
      `${DID}#a/b`,
      `${DID}#a?b`,
      `${DID}#a b`,
      `${DID}#${'a'.repeat(129)}`,
      `${DID}#%61`,
      `${KID}\n`,
      ` ${KID}`,
    ]) {
      refuses({ ...GOOD, kid }, 'header_not_allowed')
    }
  })

  it('refuses a kid whose DID is spelled another way', () => {
    refuses(
      { ...GOOD, kid: 'did:ethr:0x7a69:0x5FbDB2315678afecb367f032d93F642f64180aa3#delegate-1' },
      'did_not_canonical',
    )
    refuses({ ...GOOD, kid: `${DID}?versionId=1#x` }, 'did_malformed')
    refuses({ ...GOOD, kid: `${DID}/path#x` }, 'did_malformed')
    refuses({ ...GOOD, kid: 'did:example:123#key-1' }, 'did_method_unsupported')
  })
})
