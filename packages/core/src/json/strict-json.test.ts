import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../errors.ts'
import { parseStrictJson } from './strict-json.ts'

const FORBIDDEN_NAMES = ['__proto__', 'constructor', 'prototype']
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\\', '"', ':', '{', '}', '[', ']', ',', 'u', '\n', '\u2028') }),
)
/** Without escapes: what V8 makes of those depends on what it has read before. */
const name = text.filter(
  (candidate) => !FORBIDDEN_NAMES.includes(candidate) && JSON.stringify(candidate) === `"${candidate}"`,
)
const number = fc
  .oneof(fc.maxSafeInteger(), fc.double({ min: -1e15, max: 1e15, noNaN: true }))
  .filter((candidate) => !Object.is(candidate, -0))
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(text, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

/** JSON text of an object, put inside other objects and arrays. */
const surroundings = fc.array(
  fc.oneof(
    fc.tuple(value, value).map(
      ([a, b]) =>
        (inner: string) =>
          `[${JSON.stringify(a)}, ${inner},${JSON.stringify(b)}]`,
    ),
    name.map((key) => (inner: string) => `{ ${JSON.stringify(key)}:${inner} }`),
  ),
  { maxLength: 10 },
)
const wrap = (layers: ((inner: string) => string)[], inner: string) =>
  layers.reduce((json, layer) => layer(json), inner)
const escapeAll = (key: string) =>
  `"${Array.from({ length: key.length }, (_, i) => `\\u${key.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`

const refuses = (input: string | Uint8Array, limits?: { maxBytes?: number; maxDepth?: number }) =>
  expect(() => parseStrictJson(input, limits), String(input).slice(0, 100))
    .to.throw(DomainError)
    .with.property('code', 'malformed_json')

describe('parseStrictJson', () => {
  it('reads any JSON without forbidden things as JSON.parse does, from text and from bytes', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (expected, indent) => {
        const json = JSON.stringify(expected, undefined, indent)
        expect(parseStrictJson(json)).to.deep.equal(expected)
        expect(parseStrictJson(new TextEncoder().encode(json))).to.deep.equal(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('agrees with JSON.parse about what is no JSON', () => {
    fc.assert(
      fc.property(value, fc.nat(), fc.constantFrom('', '"', '\\', '{', '}', ':', ',', '0', ' '), (whole, at, char) => {
        const json = JSON.stringify(whole)
        const i = at % json.length
        const damaged = json.slice(0, i) + char + json.slice(i + 1)
        let expected: unknown
        try {
          expected = JSON.parse(damaged)
        } catch {
          refuses(damaged)
          return
        }
        try {
          expect(parseStrictJson(damaged)).to.deep.equal(expected)
        } catch (error) {
          expect(error).to.be.instanceOf(DomainError)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('refuses a member that stands twice in one object, anywhere, spelled with escapes or not', () => {
    fc.assert(
      fc.property(
        surroundings,
        name,
        value,
        value,
        fc.array(fc.tuple(name, value)),
        fc.boolean(),
        (layers, key, a, b, between, escaped) => {
          const members = new Map(between.filter(([other]) => other !== key))
          const middle = [...members].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`)
          const spell = escaped ? escapeAll : JSON.stringify
          const first = `${JSON.stringify(key)}:${JSON.stringify(a)}`
          const second = `${spell(key)} : ${JSON.stringify(b)}`
          refuses(wrap(layers, `{${[first, ...middle, second].join(',')}}`))
          parseStrictJson(wrap(layers, `{${[first, ...middle].join(',')}}`))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads a name with an escape, and refuses one that the engine takes for another that it has read', () => {
    expect(parseStrictJson('{"read before":1,"\\u0069ss":2}')).to.deep.equal({ 'read before': 1, iss: 2 })
    refuses('{"mistaken":1,"\\\\u0":2}')
    refuses('{"mistaken":1,"\\\\":2}')
    const misread = ['{"mistaken":1,"\\u0069ss":2}', '{"mistaken":1,"\\n":2}']
    for (const json of misread) {
      const [, read] = Object.keys(JSON.parse(json) as object)
      if (read!.includes('\\')) refuses(json)
      else parseStrictJson(json)
    }
    refuses('{"mistaken":1,"\\n":2,"\\n":3}')
  })

  it('refuses "a" beside "\\u0061"', () => refuses('{"a":1,"\\u0061":2}'))

  it('refuses iss twice', () => refuses('{"iss":"did:key:a","sub":"x","iss":"did:key:b"}'))

  it('refuses equal members even when the first hides other members', () => refuses('{"a":{"b":{"c":1}},"a":1}'))

  it('accepts one name in two objects', () => {
    expect(parseStrictJson('{"a":{"a":1},"b":[{"a":2},{"a":3}]}')).to.deep.equal({
      a: { a: 1 },
      b: [{ a: 2 }, { a: 3 }],
    })
  })

  it('refuses __proto__, constructor and prototype as names, and pollutes nothing', () => {
    for (const key of FORBIDDEN_NAMES) {
      refuses(`{"${key}":{"polluted":true}}`)
      refuses(`[{"x":{${escapeAll(key)}:1}}]`)
      expect(parseStrictJson(`["${key}"]`)).to.deep.equal([key])
    }
    expect('polluted' in {}).to.equal(false)
  })

  it('refuses lone surrogates, escaped or raw, in names and values', () => {
    for (const half of ['\\ud83d', '\\uDE00', '\\ude00\\ud83d', '\ud83d', '\ude00']) {
      refuses(`["${half}"]`)
      refuses(`{"${half}":1}`)
    }
    expect(parseStrictJson('["\\ud83d\\ude00","😀"]')).to.deep.equal(['😀', '😀'])
  })

  it('refuses numbers that lose digits, and minus zero', () => {
    for (const bad of [
      '1e400',
      '-1e400',
      '9007199254740992',
      '-9007199254740993',
      '1e16',
      '-0',
      '-0.0',
      '-0e5',
      '-1e-400',
    ]) {
      refuses(bad)
      refuses(`{"a":[${bad}]}`)
    }
    expect(parseStrictJson('[9007199254740991,-9007199254740991,0.5,0]')).to.deep.equal([
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
      0.5,
      0,
    ])
  })

  it('refuses what JavaScript would read and JSON does not know', () => {
    for (const bad of [
      '',
      ' ',
      'NaN',
      'Infinity',
      '01',
      '1.',
      '+1',
      "{'a':1}",
      '{a:1}',
      '[1,]',
      '{"a":1,}',
      '[1]//',
      '\u00a0[1]',
      '[1] x',
    ]) {
      refuses(bad)
    }
  })

  it('refuses a byte order mark', () => {
    refuses('\ufeff{}')
    refuses(Buffer.from('\ufeff{}'))
  })

  it('refuses ill-formed UTF-8: overlong, surrogates, truncated, beyond U+10FFFF', () => {
    for (const hex of ['c0af', 'e080af', 'eda080', 'f09f98', 'ff', '80', 'f4908080']) {
      refuses(Buffer.concat([Buffer.from('["'), Buffer.from(hex, 'hex'), Buffer.from('"]')]))
    }
  })

  it('counts depth in objects and arrays, not in strings', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseStrictJson(nested(32))).to.be.an('array')
    refuses(nested(33))
    refuses(`${'{"a":'.repeat(33)}1${'}'.repeat(33)}`)
    refuses(nested(4), { maxDepth: 3 })
    expect(parseStrictJson(JSON.stringify('['.repeat(100)))).to.equal('['.repeat(100))
    expect(parseStrictJson(JSON.stringify(Array(100).fill([])))).to.have.length(100)
  })

  it('refuses five million levels before parsing one', () => {
    const started = performance.now()
    refuses('['.repeat(5_000_000))
    expect(performance.now() - started).to.be.lessThan(500)
  })

  it('reads strings of backslashes and quotation marks in linear time', () => {
    const hostile = JSON.stringify('\\"'.repeat(250_000))
    const started = performance.now()
    parseStrictJson(hostile)
    expect(performance.now() - started).to.be.lessThan(1000)
  })

  it('counts size in bytes', () => {
    expect(parseStrictJson('"é"', { maxBytes: 4 })).to.equal('é')
    refuses('"é"', { maxBytes: 3 })
    refuses(Buffer.from('"é"'), { maxBytes: 3 })
  })

  it('tells apart what is empty, begins with a byte order mark, ends too early, or is no JSON', () => {
    const said = (input: string | Uint8Array) => caught(() => parseStrictJson(input)).message
    for (const empty of ['', ' \n', new Uint8Array()]) expect(said(empty)).to.include('is empty')
    for (const marked of ['\ufeff{}', '\ufeff', Buffer.from('\ufeff{')]) expect(said(marked)).to.include('U+FEFF')
    for (const early of ['{', '[1,', '{"a":"b', '"', '{"a":[{"b":1}'])
      expect(said(early), early).to.include('ends too early')
    for (const other of ['}', '{a:1}', 'tru', '[1]]']) expect(said(other), other).to.include('is not JSON')
  })

  it('keeps the text out of its message, and out of what is logged of its cause', () => {
    for (const text of ['{"token": secret-value', '{"token": "secret-value', '{"token": "secret\n"}']) {
      const { message, cause } = caught(() => parseStrictJson(text))
      expect(`${message} ${cause}`).to.not.include('secret')
    }
  })
})

function caught(call: () => unknown): Error {
  try {
    call()
  } catch (error) {
    return error as Error
  }
  throw new Error('it was accepted')
}
