import { expect } from 'chai'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import type { DomainError } from '../errors.ts'
import { issuerOf, readCredentialShape } from './credential-shape.ts'
import { readPresentationShape } from './presentation-shape.ts'

const minimal = {
  '@context': [CREDENTIALS_V2],
  type: ['VerifiableCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:subject' },
}
const presentation = { '@context': [CREDENTIALS_V2], type: 'VerifiablePresentation' }
const BASE_SRI = 'sha384-l/HrjlBCNWyAX91hr6LFV2Y3heB5Tcr6IeE4/Tje8YyzYBM8IhqjHWiWpr8+ZbYU'

const codeOf = (read: () => unknown): string => {
  try {
    read()
  } catch (error) {
    return (error as DomainError).code
  }
  return 'accepted'
}
const outcome = (change: object) => codeOf(() => readCredentialShape({ ...minimal, ...change }))
const outcomeOfPresentation = (change: object) => codeOf(() => readPresentationShape({ ...presentation, ...change }))

const ENTRY = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://issuer.example/status/1',
}
const MESSAGES = ['0x0', '0x1', '0x2', '0x3'].map((status) => ({ status, message: 'a message' }))

describe('the entries of a credential for status lists (Bitstring Status List §2.1)', () => {
  const malformed: Record<string, object> = {
    'without a purpose': { statusPurpose: undefined },
    'with two purposes': { statusPurpose: ['revocation', 'suspension'] },
    'without an index': { statusListIndex: undefined },
    'with an index that is no string': { statusListIndex: 7 },
    'with an index that is none': { statusListIndex: '-1' },
    'with a list that is no URL': { statusListCredential: 'status/1' },
    'of no bits': { statusSize: 0 },
    'of two bits without messages': { statusSize: 2 },
    'of two bits with too few messages': { statusSize: 2, statusMessage: MESSAGES.slice(1) },
    'with a reference that is no URL': { statusReference: 'reference' },
  }
  for (const [what, change] of Object.entries(malformed))
    it(`are refused ${what}, alone and among others`, () => {
      const credentialStatus = { ...ENTRY, ...change }
      expect(outcome({ credentialStatus })).to.equal('status_malformed')
      expect(outcome({ credentialStatus: [ENTRY, credentialStatus] })).to.equal('status_malformed')
    })
})

describe('the shape of a credential (VCDM 2.0)', () => {
  const accepted: Record<string, object> = {
    'the least there can be': {},
    'types in any order': { type: ['ExampleCredential', 'VerifiableCredential'] },
    'its type alone': { type: 'VerifiableCredential' },
    'an inline context': { '@context': [CREDENTIALS_V2, { role: 'urn:role' }] },
    'an issuer with a name': { issuer: { id: 'https://issuer.example/1', name: 'Issuer' } },
    'several subjects': { credentialSubject: [{ id: 'did:example:a' }, { claim: 1 }] },
    'a beginning far ahead': { validFrom: '2990-01-01T00:00:00Z', validUntil: '2990-01-01T00:00:00+00:00' },
    'a name in languages': {
      name: [
        { '@value': 'Nom', '@language': 'fr' },
        { '@value': 'Name', '@direction': 'ltr' },
      ],
    },
    'statuses of any type': { credentialStatus: [{ type: 'urn:status:a' }, { type: 'B', id: 'urn:uuid:1' }] },
    'an entry of a status list': { credentialStatus: ENTRY },
    'an entry of two bits, with its messages': {
      credentialStatus: { ...ENTRY, statusSize: 2, statusMessage: MESSAGES },
    },
    'a schema': { credentialSchema: { id: 'https://schema.example/1', type: 'JsonSchema' } },
    'evidence, terms of use and a refresh service': {
      evidence: { type: 'Evidence' },
      termsOfUse: [{ type: 'Terms' }],
      refreshService: { type: 'Refresh' },
    },
    'a related resource with its right digest': { relatedResource: { id: CREDENTIALS_V2, digestSRI: BASE_SRI } },
    'a related resource with its right multibase digests': {
      relatedResource: [
        {
          id: CREDENTIALS_V2,
          digestMultibase: [
            'uWZVc7WaX1h4D8rJVb-vlMIqxaEKEb1tYbX8fet7JJzQ',
            'uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA',
          ],
        },
      ],
    },
  }
  for (const [what, change] of Object.entries(accepted))
    it(`accepts ${what}`, () => expect(outcome(change)).to.equal('accepted'))

  const refused: Record<string, object> = {
    'no context': { '@context': undefined },
    'a context that is no list': { '@context': CREDENTIALS_V2 },
    'the base context in another place': {
      '@context': ['https://www.w3.org/ns/credentials/examples/v2', CREDENTIALS_V2],
    },
    'a number as a context': { '@context': [CREDENTIALS_V2, 1] },
    'a context that is no URL': { '@context': [CREDENTIALS_V2, 'terms'] },
    'an id of null': { id: null },
    'several ids': { id: ['urn:uuid:1', 'urn:uuid:2'] },
    'an id that is no URL': { id: 'example' },
    'no type': { type: undefined },
    'another type alone': { type: ['ExampleCredential'] },
    'no issuer': { issuer: undefined },
    'an issuer of null': { issuer: null },
    'several issuers': { issuer: ['did:example:a'] },
    'an issuer that is no URL': { issuer: 'issuer' },
    'an issuer without an id': { issuer: { name: 'Issuer' } },
    'no subject': { credentialSubject: undefined },
    'a subject that says nothing': { credentialSubject: {} },
    'a subject among others that says nothing': { credentialSubject: [{ id: 'did:example:a' }, {}] },
    'no subject in a list': { credentialSubject: [] },
    'a subject that is a string': { credentialSubject: 'did:example:a' },
    'a subject whose id is no URL': { credentialSubject: { id: 'a' } },
    'a day without time': { validFrom: '2026-01-01' },
    'a time without zone': { validUntil: '2026-01-01T00:00:00' },
    'a time in a list': { validFrom: ['2026-01-01T00:00:00Z'] },
    'an end before the beginning': { validFrom: '2026-01-02T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
    'a language object with another member': { name: { '@value': 'Name', url: 'did:example:a' } },
    'a language object without value': { description: { '@language': 'en' } },
    'a status without type': { credentialStatus: { id: 'urn:uuid:1' } },
    'a status whose id is no URL': { credentialStatus: { type: 'A', id: 'a' } },
    'a schema without id': { credentialSchema: { type: 'JsonSchema' } },
    'a schema without type': { credentialSchema: { id: 'https://schema.example/1' } },
    'evidence without type': { evidence: [{ type: 'A' }, { id: 'urn:uuid:1' }] },
    'terms of use without type': { termsOfUse: { id: 'urn:uuid:1' } },
    'a refresh service without type': { refreshService: { id: 'urn:uuid:1' } },
    'a related resource that is a string': { relatedResource: [CREDENTIALS_V2] },
    'a related resource without id': { relatedResource: { digestSRI: BASE_SRI } },
    'a related resource without digest': { relatedResource: { id: CREDENTIALS_V2 } },
    'a related resource twice': {
      relatedResource: [
        { id: CREDENTIALS_V2, digestSRI: BASE_SRI },
        { id: CREDENTIALS_V2, digestSRI: BASE_SRI },
      ],
    },
    'a related resource with a wrong digest': {
      relatedResource: { id: CREDENTIALS_V2, digestSRI: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' },
    },
  }
  for (const [what, change] of Object.entries(refused))
    it(`refuses ${what}`, () => expect(outcome(change)).to.equal('credential_malformed'))

  it('refuses what is no object', () => {
    for (const value of [null, [], 'credential', 1])
      expect(codeOf(() => readCredentialShape(value))).to.equal('credential_malformed')
  })

  it('knows the issuer however it is written', () => {
    expect(issuerOf({ issuer: 'did:example:a' })).to.equal('did:example:a')
    expect(issuerOf({ issuer: { id: 'did:example:a' } })).to.equal('did:example:a')
  })
})

describe('the shape of a presentation (VCDM 2.0)', () => {
  it('accepts one with credentials, envelopes, a holder, or nothing', () => {
    for (const change of [
      {},
      { holder: 'did:example:holder' },
      { holder: { id: 'did:example:holder' } },
      { verifiableCredential: minimal },
      {
        verifiableCredential: [
          minimal,
          { '@context': [CREDENTIALS_V2], type: 'EnvelopedVerifiableCredential', id: 'data:,a' },
        ],
      },
    ])
      expect(outcomeOfPresentation(change)).to.equal('accepted')
  })

  it('refuses credentials that are strings, other types, holders and contexts', () => {
    for (const change of [
      { verifiableCredential: 'eyJ' },
      { verifiableCredential: [minimal, 'eyJ'] },
      { verifiableCredential: [null] },
      { type: 'VerifiableCredential' },
      { type: undefined },
      { holder: 'holder' },
      { holder: {} },
      { '@context': undefined },
      { id: null },
    ])
      expect(outcomeOfPresentation(change), JSON.stringify(change)).to.equal('presentation_malformed')
  })
})
