import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../errors.ts'
import { decodeCompactJws } from './compact-jws.ts'

const LIMITS = { maxBytes: 10_000 }
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const SIGNATURE = Buffer.alloc(64, 0x5a)
const token = (header: unknown, payload: unknown, signature = SIGNATURE.toString('base64url')) =>
  `${encode(header)}.${encode(payload)}.${signature}`

const refuses = (value: string, limits = LIMITS) =>
  expect(() => decodeCompactJws(value, limits), value.slice(0, 120))
    .to.throw(DomainError)
    .with.property('code', 'token_malformed')

describe('decodeCompactJws', () => {
  const good = token({ alg: 'EdDSA' }, { a: [1, 'ü'] })

  it('takes a token apart', () => {
    expect(decodeCompactJws(good, LIMITS)).to.deep.equal({
      header: { alg: 'EdDSA' },
      payload: { a: [1, 'ü'] },
      signingInput: Buffer.from(good.slice(0, good.lastIndexOf('.'))),
      signature: SIGNATURE,
    })
  })

  it('leaves an empty signature to the check of the algorithm', () => {
    expect(decodeCompactJws(token({ alg: 'none' }, {}, ''), LIMITS).signature).to.have.length(0)
  })

  it('refuses other than three parts', () => {
    for (const bad of ['', '.', '..', 'a.b', `${good}.`, `${good}.x`, `.${good}`, '.'.repeat(9_999)]) refuses(bad)
  })

  it('refuses padding, white space and foreign letters in each part', () => {
    const parts = good.split('.')
    for (const [i, part] of parts.entries()) {
      for (const bad of [
        `${part}=`,
        `${part}==`,
        ` ${part}`,
        `${part}\n`,
        `${part.slice(0, 4)} ${part.slice(4)}`,
        `${part}+`,
        `${part}/`,
        `${part}é`,
        `${part}\u0000`,
      ]) {
        refuses(parts.with(i, bad).join('.'))
      }
    }
    refuses(good.replaceAll('-', '+').replaceAll('_', '/').replace(/.$/, '+'))
  })

  it('accepts only those last letters of a signature that leave no stray bits', () => {
    const accepted = [...ALPHABET].filter((letter) => {
      try {
        decodeCompactJws(good.slice(0, -1) + letter, LIMITS)
        return true
      } catch {
        return false
      }
    })
    expect(accepted).to.deep.equal(['A', 'Q', 'g', 'w'])
  })

  it('never reads two spellings as the same bytes', () => {
    const bytesOf = (value: string) => {
      const { signingInput, signature } = decodeCompactJws(value, LIMITS)
      const signed = signingInput.toString().split('.')
      return [...signed.map((part) => Buffer.from(part, 'base64url')), signature]
        .map((bytes) => bytes.toString('hex'))
        .join()
    }
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(...ALPHABET), (i, letter) => {
        const mutated = good.slice(0, i) + letter + good.slice(i + 1)
        if (mutated === good) return
        try {
          expect(bytesOf(mutated)).not.to.equal(bytesOf(good))
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('refuses a header or payload that is no JSON object', () => {
    for (const bad of ['[]', 'null', '1', '"x"', 'true', '', '{', '\ufeff{}']) {
      refuses(token(bad, {}))
      refuses(token({}, bad))
    }
  })

  it('refuses a member twice, forbidden names and deep nesting in either', () => {
    for (const bad of [
      '{"iss":"a","iss":"b"}',
      '{"__proto__":{}}',
      `{"a":${'['.repeat(40)}${']'.repeat(40)}}`,
      '{"a":"\\ud800"}',
      '{"a":1e400}',
    ]) {
      refuses(token(bad, {}))
      refuses(token({}, bad))
    }
  })

  it('says what is wrong inside the payload', () => {
    expect(() => decodeCompactJws(token({}, '{"a":1,"a":2}'), LIMITS)).to.throw(
      'payload is refused: An object has the same member twice',
    )
  })

  it('refuses a token over the limit, and reads one at the limit', () => {
    decodeCompactJws(good, { maxBytes: good.length })
    refuses(good, { maxBytes: good.length - 1 })
  })
})
