import { createCipheriv } from 'node:crypto'
import { FF1 } from '@noble/ciphers/ff1.js'
import { expect } from 'chai'
import fc from 'fast-check'
import vectors from '../../../../test/vectors/valid/index-permutation.json' with { type: 'json' }
import { LIST_BITS } from './bitstring.ts'
import { permuteIndex } from './index-permutation.ts'

const LIST = 'https://issuer.example/status-lists/1'
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
const counter = fc.nat(LIST_BITS - 1)
const toDigits = (value: number) => [...value.toString(2).padStart(17, '0')].map(Number)

describe('permuteIndex', () => {
  for (const { secret: key, listId, counter: n, index } of vectors) {
    it(`gives credential ${n} of ${listId} under ${key.slice(0, 6)}… the index ${index}`, () => {
      expect(permuteIndex(Buffer.from(key, 'hex'), listId, n)).to.equal(index)
    })
  }

  it('agrees with an FF1 written on node:crypto', () => {
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 80 }), counter, (key, listId, n) => {
        const digits = ff1(key, Buffer.from(listId), 2, toDigits(n))
        expect(permuteIndex(key, listId, n)).to.equal(Number.parseInt(digits.join(''), 2))
      }),
      { numRuns: 300 },
    )
  })

  it('is a bijection: each index leads back to the counter that it came from', () => {
    fc.assert(
      fc.property(secret, counter, (key, n) => {
        const index = permuteIndex(key, LIST, n)
        expect(index).to.be.within(0, LIST_BITS - 1)
        expect(Number.parseInt(FF1(2, key, Buffer.from(LIST)).decrypt(toDigits(index)).join(''), 2)).to.equal(n)
      }),
      { numRuns: 300 },
    )
  })

  it('gives 2,000 credentials in a row 2,000 indices, spread over the list', () => {
    const indices = Array.from({ length: 2000 }, (_, n) => permuteIndex(Buffer.alloc(32, 9), LIST, n))
    expect(new Set(indices)).to.have.length(2000)
    const perEighth = Array.from({ length: 8 }, (_, i) => indices.filter((index) => index >> 14 === i).length)
    for (const count of perEighth) expect(count).to.be.within(170, 330)
  })

  it('gives lists and secrets orders of their own', () => {
    const orders = [
      [9, LIST],
      [9, `${LIST}0`],
      [8, LIST],
    ].map(([byte, list]) =>
      [0, 1, 2, 3].map((n) => permuteIndex(Buffer.alloc(32, byte as number), list as string, n)).join(),
    )
    expect(new Set(orders)).to.have.length(3)
  })

  it('refuses a counter beyond the list and a secret of another length', () => {
    for (const bad of [-1, LIST_BITS, 0.5, Number.NaN])
      expect(() => permuteIndex(Buffer.alloc(32), LIST, bad)).to.throw(RangeError)
    for (const length of [0, 16, 31, 33]) expect(() => permuteIndex(Buffer.alloc(length), LIST, 0)).to.throw(RangeError)
  })
})

describe('the FF1 that the tests compare with', () => {
  it('gives sample 7 of NIST SP 800-38G', () => {
    const key = Buffer.from('2b7e151628aed2a6abf7158809cf4f3cef4359d8d580aa4f7f036d6f04fc6a94', 'hex')
    expect(ff1(key, Buffer.alloc(0), 10, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).join('')).to.equal('6657667009')
  })
})

/** NIST SP 800-38G Algorithm 7, in its own words, for tweaks and numerals as short as ours. */
function ff1(key: Uint8Array, tweak: Uint8Array, radix: number, numeral: number[]): number[] {
  const n = numeral.length
  const u = Math.floor(n / 2)
  const v = n - u
  const b = Math.ceil(Math.ceil(v * Math.log2(radix)) / 8)
  const d = 4 * Math.ceil(b / 4) + 4
  const p = Buffer.alloc(16)
  p.set([1, 2, 1, 0, 0, radix, 10, u])
  p.writeUInt32BE(n, 8)
  p.writeUInt32BE(tweak.length, 12)
  const padding = Buffer.alloc((((-tweak.length - b - 1) % 16) + 16) % 16)
  let [A, B] = [numeral.slice(0, u), numeral.slice(u)]
  for (let i = 0; i < 10; i++) {
    const numB = Buffer.from(
      toNumber(B, radix)
        .toString(16)
        .padStart(2 * b, '0'),
      'hex',
    )
    const q = Buffer.concat([tweak, padding, Buffer.of(i), numB])
    const cbc = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false)
    const r = cbc.update(Buffer.concat([p, q])).subarray(-16)
    const y = BigInt(`0x${r.subarray(0, d).toString('hex')}`)
    const m = i % 2 === 0 ? u : v
    const c = (toNumber(A, radix) + y) % BigInt(radix) ** BigInt(m)
    ;[A, B] = [B, [...c.toString(radix).padStart(m, '0')].map(Number)]
  }
  return [...A, ...B]
}

function toNumber(numeral: number[], radix: number): bigint {
  return numeral.reduce((value, digit) => value * BigInt(radix) + BigInt(digit), 0n)
}
