import { expect } from 'chai'
import { buildRoleCredential } from '../credential/build-role-credential.ts'
import { CREDENTIALS_V2 } from '../credential/context.ts'
import type { DomainError } from '../errors.ts'
import { checkTerms } from './check-terms.ts'

const EXAMPLES = 'https://www.w3.org/ns/credentials/examples/v2'

const credential = {
  '@context': [CREDENTIALS_V2, EXAMPLES],
  type: ['VerifiableCredential', 'ExampleCredential'],
  issuer: 'did:example:issuer',
  credentialSubject: { id: 'did:example:subject', claim: 'x' },
}
const withTerms = (terms: object, change: object = {}) => ({
  ...credential,
  '@context': [CREDENTIALS_V2, terms],
  type: 'VerifiableCredential',
  ...change,
})

describe('the terms of a document', () => {
  const outcome = (document: object) =>
    checkTerms(document).then(
      () => 'accepted',
      (error) => (error as DomainError).code,
    )

  it('are defined in a role credential of ours', async () => {
    const { iat: _, ...role } = buildRoleCredential({
      id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
      issuer: 'did:example:issuer',
      agent: 'did:example:agent',
      role: 'payments.approver',
      sensitivity: 'high',
      operator: 'ops@example.com',
      constraints: { limit: 5, nested: { anything: [true] } },
      claims: { team: 'a' },
      validFrom: 1_767_225_600,
      validUntil: 1_767_229_200,
      status: {
        revocation: { list: 'https://a.example/r', index: 1 },
        suspension: { list: 'https://a.example/s', index: 2 },
      },
    })
    expect(await outcome(role)).to.equal('accepted')
  })

  it('may come from bundled and from inline contexts', async () => {
    expect(await outcome(credential)).to.equal('accepted')
    expect(await outcome(withTerms({ claim: 'urn:terms:claim' }))).to.equal('accepted')
    expect(
      await outcome({
        ...credential,
        '@context': [CREDENTIALS_V2, `${EXAMPLES.replace('examples', 'undefined-terms')}`],
      }),
    ).to.equal('accepted')
  })

  const refused: Record<string, object> = {
    'that nothing defines': withTerms({}),
    'that nothing defines, deep inside': withTerms(
      { claim: 'urn:terms:claim' },
      { credentialSubject: { claim: { other: 1 } } },
    ),
    'that are types nobody defines': withTerms(
      {},
      { type: ['VerifiableCredential', 'Other'], credentialSubject: { id: 'did:example:a' } },
    ),
    'that map to no URL': withTerms({ claim: 'claim' }),
    'that are protected and redefined': withTerms({
      claim: 'urn:terms:claim',
      VerifiableCredential: 'urn:terms:other',
    }),
    'that are identifiers without a scheme': withTerms({ claim: 'urn:terms:claim' }, { id: 'relative' }),
  }
  for (const [what, document] of Object.entries(refused))
    it(`are refused ${what}`, async () => expect(await outcome(document)).to.equal('terms_undefined'))

  it('are refused with a context that would have to be fetched, inline imports included', async () => {
    expect(await outcome({ ...credential, '@context': [CREDENTIALS_V2, 'https://context.example/v1'] })).to.equal(
      'context_unknown',
    )
    expect(await outcome(withTerms({ '@import': 'https://context.example/v1' }))).to.equal('context_unknown')
  })
})
