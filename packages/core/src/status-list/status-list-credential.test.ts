import { expect } from 'chai'
import { DomainError } from '../errors.ts'
import { emptyBitstring, encodeBitstring, withBit } from './bitstring.ts'
import {
  buildStatusListCredential,
  checkStatusListCredential,
  type StatusListCredential,
} from './status-list-credential.ts'

const NOW = 1_790_000_000
const URL = 'https://issuer.example/status-lists/1'
const ISSUER = 'did:ethr:0x7a69:0x5fbdb2315678afecb367f032d93f642f64180aa3'
const BITS = withBit(emptyBitstring(), 42, true)
const EXPECTED = { url: URL, issuer: ISSUER, purpose: 'revocation', now: NOW }
const credential = () =>
  buildStatusListCredential({
    url: URL,
    issuer: ISSUER,
    purpose: 'revocation',
    encodedList: encodeBitstring(BITS),
    validFrom: NOW,
    validUntil: NOW + 600,
    ttlMs: 5000,
  })

const refuses = (payload: unknown, code: string, expected = EXPECTED) =>
  expect(() => checkStatusListCredential(payload, expected), JSON.stringify(payload)?.slice(0, 300))
    .to.throw(DomainError)
    .with.property('code', code)
const subject = (change: Record<string, unknown>) => ({
  ...credential(),
  credentialSubject: { ...credential().credentialSubject, ...change },
})

describe('buildStatusListCredential', () => {
  it('makes the credential of the standard, ttl in milliseconds', () => {
    const { credentialSubject, ...rest } = credential()
    expect(rest).to.deep.equal({
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: URL,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: ISSUER,
      validFrom: '2026-09-21T14:13:20Z',
      validUntil: '2026-09-21T14:23:20Z',
    })
    expect(credentialSubject).to.include({
      id: `${URL}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      ttl: 5000,
    })
  })
})

describe('checkStatusListCredential', () => {
  it('returns the bits', () => {
    expect(Buffer.from(checkStatusListCredential(credential(), EXPECTED)).equals(BITS)).to.equal(true)
    checkStatusListCredential({ ...credential(), iss: ISSUER, iat: NOW, exp: NOW + 600 }, EXPECTED)
  })

  it('refuses another list of the same issuer, another issuer, another purpose', () => {
    refuses(credential(), 'status_list_mismatch', { ...EXPECTED, url: `${URL}0` })
    refuses(credential(), 'status_list_mismatch', { ...EXPECTED, issuer: `${ISSUER.slice(0, -1)}4` })
    refuses(credential(), 'status_list_mismatch', { ...EXPECTED, purpose: 'suspension' })
    refuses({ ...credential(), iss: 'did:example:other' }, 'status_list_mismatch')
  })

  it('keeps to the period, with 60 s of skew at both ends', () => {
    for (const now of [NOW - 60, NOW + 600 + 60]) checkStatusListCredential(credential(), { ...EXPECTED, now })
    for (const now of [NOW - 61, NOW + 600 + 61]) refuses(credential(), 'status_stale', { ...EXPECTED, now })
    refuses({ ...credential(), exp: NOW - 61 }, 'status_stale')
    refuses({ ...credential(), iat: NOW + 61 }, 'status_stale')
  })

  it('refuses a period that is none', () => {
    for (const validUntil of ['2026-09-21T14:13:19Z', '2026-09-21', 'x', null, 5])
      refuses({ ...credential(), validUntil }, 'status_list_malformed')
  })

  it('refuses every missing member', () => {
    for (const name of Object.keys(credential()) as (keyof StatusListCredential)[]) {
      const { [name]: _, ...rest } = credential()
      refuses(rest, 'status_list_malformed')
    }
    for (const name of ['id', 'type', 'statusPurpose', 'encodedList'])
      refuses(subject({ [name]: undefined }), 'status_list_malformed')
  })

  it('refuses unknown members and other shapes', () => {
    refuses({ ...credential(), vc: {} }, 'status_list_malformed')
    refuses(subject({ statusSize: 2 }), 'status_list_malformed')
    refuses(subject({ statusMessage: [] }), 'status_list_malformed')
    refuses(subject({ type: ['BitstringStatusList'] }), 'status_list_malformed')
    refuses(subject({ statusPurpose: ['revocation'] }), 'status_list_malformed')
    refuses(subject({ ttl: -1 }), 'status_list_malformed')
    refuses({ ...credential(), issuer: { id: ISSUER } }, 'status_list_malformed')
    refuses({ ...credential(), type: ['VerifiableCredential'] }, 'status_list_malformed')
    refuses(
      { ...credential(), '@context': ['https://www.w3.org/ns/credentials/v2', 'https://evil.example'] },
      'status_list_malformed',
    )
    for (const bad of [null, undefined, [], 'x', 1, {}]) refuses(bad, 'status_list_malformed')
  })

  it('refuses a list that is too short', () =>
    refuses(subject({ encodedList: 'uH4sIAAAAAAAAAwMAAAAAAAAAAAA' }), 'status_list_length'))
})
