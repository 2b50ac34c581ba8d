import { expect } from 'chai'
import fc from 'fast-check'
import { hashStruct, hashTypedData } from 'viem'
import vectors from '../../../../test/vectors/valid/head.json' with { type: 'json' }
import { type Head, hashHead, headDigest, headSchema, type RegistryDomain } from './head.ts'

const types = {
  Head: [
    { name: 'issuer', type: 'address' },
    { name: 'epoch', type: 'uint32' },
    { name: 'version', type: 'uint64' },
    { name: 'prev', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
    { name: 'issuedAt', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
  ],
} as const
const hex = (bytes: number) =>
  fc.stringMatching(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)).map((digits) => `0x${digits}` as const)
const uint48 = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const head = fc.record({
  issuer: hex(20),
  epoch: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  version: fc.maxSafeNat(),
  prev: hex(32),
  root: hex(32),
  issuedAt: uint48,
  validUntil: uint48,
})
const domain = fc.record({ chainId: fc.maxSafeNat(), verifyingContract: hex(20) })

describe('head', () => {
  for (const [i, vector] of vectors.heads.entries()) {
    it(`hashes vector ${i} as an EIP-712 library did`, () => {
      const parsed = headSchema.parse(vector.head)
      expect(hashHead(parsed)).to.equal(vector.structHash)
      expect(headDigest(parsed, vector.domain as RegistryDomain)).to.equal(vector.digest)
    })
  }

  it('hashes any head under any domain as viem does', () => {
    fc.assert(
      fc.property(head, domain, (value, where) => {
        const message = { ...value, version: BigInt(value.version) }
        expect(headSchema.parse(value)).to.deep.equal(value)
        expect(hashHead(value)).to.equal(hashStruct({ data: message, primaryType: 'Head', types }))
        const typed = { ...where, name: 'Consulate StatusRegistry', version: '1' }
        expect(headDigest(value, where)).to.equal(hashTypedData({ domain: typed, types, primaryType: 'Head', message }))
      }),
    )
  })
})

describe('headSchema', () => {
  const good = vectors.heads[0]!.head as Head
  for (const [name, values] of Object.entries({
    issuer: [
      '0xF39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      '0x00',
      'f39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      `${good.issuer}\n`,
      1,
    ],
    epoch: [-1, 2 ** 32, 0.5, '0', null],
    version: [-1, 2 ** 53, 0.5, '1'],
    prev: ['0x', `0x${'A'.repeat(64)}`, `0x${'a'.repeat(63)}`, null],
    root: [`0x${'a'.repeat(66)}`, undefined],
    issuedAt: [-1, 2 ** 48, '1790000000'],
    validUntil: [-1, 2 ** 48, undefined],
    extra: [1],
  })) {
    it(`refuses a wrong ${name}`, () => {
      for (const value of values)
        expect(headSchema.safeParse({ ...good, [name]: value }).success, String(value)).to.equal(false)
    })
  }
})
