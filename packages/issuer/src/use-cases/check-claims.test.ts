import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import type { Role } from '../records.ts'
import { checkClaims, compileClaimsSchema } from './check-claims.ts'

type Schema = Record<string, unknown>

const pattern = (text: string): Schema => ({ type: 'object', properties: { shop: { type: 'string', pattern: text } } })

function roleWith(claimsSchema: Schema | null): Role {
  return {
    role: 'inventory.reader',
    description: 'reads stock',
    maxValiditySeconds: 60,
    sensitivity: 'low',
    claimsSchema,
    changedBy: null,
  }
}

describe('the claims of a role', () => {
  const refusalOf = (work: () => unknown): string => {
    try {
      work()
      return 'accepted'
    } catch (error) {
      expect(error).to.be.instanceOf(DomainError).and.to.include({ code: 'claims_invalid' })
      return (error as DomainError).message
    }
  }
  const schemaRefusal = (schema: Schema) => refusalOf(() => compileClaimsSchema(schema))
  const claimsRefusal = (schema: Schema, claims: unknown) => refusalOf(() => checkClaims(roleWith(schema), claims))

  it('are refused when a schema that was stored answers with a promise', () => {
    const wrong = { type: 'object', properties: { shop: { type: 'string' } }, required: ['shop'] }
    expect(claimsRefusal({ $async: true, ...wrong }, {})).to.include('$async')
    expect(claimsRefusal(wrong, {})).to.include("must have required property 'shop'")
  })

  it('cannot be described by a schema that is checked later or by recursion', () => {
    const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' } } }
    expect(schemaRefusal({ $async: true, type: 'object' })).to.match(/\$async.*leave it out/)
    expect(schemaRefusal({ type: 'object', properties: { a: { $async: true } } })).to.include('$async')
    expect(schemaRefusal({ $defs: { node }, ...node })).to.match(/\$ref.*write out/)
    expect(schemaRefusal({ $dynamicRef: '#x' })).to.include('$dynamicRef')
    const named = { type: 'object', properties: { $ref: { type: 'string' } } }
    expect(claimsRefusal(named, { $ref: 'a name like any other' })).to.equal('accepted')
  })

  it('are matched in linear time, whatever the pattern', () => {
    const begun = performance.now()
    const claims = { shop: `${'a'.repeat(8_000)}!` }
    for (const text of ['^(a+)+$', '^(a|a)*$', '(a*)*b']) {
      const refusal = claimsRefusal(pattern(text), claims)
      expect(refusal, text).to.include('claims/shop must match pattern')
      expect(refusal, text).to.have.length.below(500)
    }
    expect(claimsRefusal({ type: 'object', patternProperties: { '^(a+)+$': true } }, { [claims.shop]: 1 })).to.equal(
      'accepted',
    )
    expect(performance.now() - begun).to.be.below(5_000)
  })

  it('match patterns as ECMA-262 has them', () => {
    const matches = (text: string, shop: string) => claimsRefusal(pattern(text), { shop }) === 'accepted'
    expect(matches('^\\p{Lu}[\\w\\/-]{2,8}$', 'Ähm/-x')).to.equal(true)
    expect(matches('^\\u00e4$', 'ä')).to.equal(true)
    expect(matches('^\\u{1F600}$', '😀')).to.equal(true)
    expect(matches('^(?<year>\\d{4})$', '2026')).to.equal(true)
    expect(matches('^.$', '😀')).to.equal(true)
    expect(matches('^a$', 'a\n')).to.equal(false)
  })

  it('cannot have patterns that take more than linear time, or are no patterns, or are large', () => {
    for (const text of ['^(a)\\1$', '(?=a)b', '(?<!a)b', '(a', '\\A', '(?i)a', 'a{2000}', '(?:a{100}){100}'])
      expect(schemaRefusal(pattern(text)), text).to.match(/pattern .* (RE2|ECMA-262|smaller)/)
    const many = Array.from({ length: 6 }, (_, i) => ({ pattern: `^x{${300 + i}}$` }))
    expect(schemaRefusal({ type: 'string', allOf: many })).to.match(/pattern .* smaller/)
  })

  it('cannot be described at any length', () => {
    const names = Array.from({ length: 2_000 }, (_, i) => `claim-${i}`)
    expect(schemaRefusal({ type: 'object', required: names })).to.match(/claimsSchema has \d+ bytes.*16384/)
  })

  it('are not checked when no credential could carry them', () => {
    const claims = { shop: 'x'.repeat(20_000) }
    expect(claimsRefusal(pattern('^x+$'), claims)).to.match(/claims have 2\d{4} bytes.*16384/)
  })
})
