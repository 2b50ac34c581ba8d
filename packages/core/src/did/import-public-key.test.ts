import { verify } from 'node:crypto'
import { ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect } from 'chai'
import { DomainError } from '../errors.ts'
import { importEd25519PublicKey, importP256PublicKey, importSecp256k1PublicKey } from './import-public-key.ts'

const littleEndian = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
const withSign = (raw: Buffer) => Buffer.concat([raw.subarray(0, 31), Buffer.of(raw[31]! | 0x80)])
const P = 2n ** 255n - 19n

describe('importEd25519PublicKey', () => {
  const refuses = (raw: Uint8Array) =>
    expect(() => importEd25519PublicKey(raw), Buffer.from(raw).toString('hex'))
      .to.throw(DomainError)
      .with.property('code', 'did_malformed')

  it('refuses the eight points of small order', () => {
    expect(ED25519_TORSION_SUBGROUP).to.have.length(8)
    for (const hex of ED25519_TORSION_SUBGROUP) refuses(Buffer.from(hex, 'hex'))
  })

  it('refuses points of small order with the other sign bit', () => {
    for (const y of [0n, 1n, P - 1n]) refuses(withSign(littleEndian(y)))
  })

  it('refuses a y that is not reduced modulo p, with either sign bit', () => {
    for (let y = P; y < 2n ** 255n; y++) {
      refuses(littleEndian(y))
      refuses(withSign(littleEndian(y)))
    }
  })

  it('accepts the largest y below p that is of full order', () => {
    expect(importEd25519PublicKey(littleEndian(P - 2n)).asymmetricKeyType).to.equal('ed25519')
  })

  it('leaves the bytes it was given alone', () => {
    const raw = Buffer.alloc(32, 0xab)
    importEd25519PublicKey(raw)
    expect(raw).to.deep.equal(Buffer.alloc(32, 0xab))
  })
})

for (const [name, curve, importKey] of [
  ['secp256k1', secp256k1, importSecp256k1PublicKey],
  ['prime256v1', p256, importP256PublicKey],
] as const) {
  describe(`import of a ${name} key`, () => {
    const { secretKey, publicKey } = curve.keygen(Buffer.alloc(48, 7))
    const uncompressed = curve.Point.fromBytes(publicKey).toBytes(false)

    it('verifies what the private key signs, whether compressed or not', () => {
      const message = Buffer.from('message')
      const signature = curve.sign(message, secretKey)
      for (const raw of [publicKey, uncompressed]) {
        const key = importKey(raw)
        expect(verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)).to.equal(true)
        expect(key.asymmetricKeyDetails?.namedCurve).to.equal(name)
      }
    })

    it('refuses points off the curve, hybrid forms, infinity and other lengths', () => {
      const off = Buffer.from(uncompressed)
      off[64]! ^= 1
      const hybrid = Buffer.from(uncompressed)
      hybrid[0] = 6 + (hybrid[64]! & 1)
      const bad = [off, hybrid, Buffer.of(0), uncompressed.subarray(1), Buffer.alloc(33, 0xff), Buffer.alloc(0)]
      for (const raw of [...bad, Buffer.from(`02${'ff'.repeat(32)}`, 'hex')]) {
        expect(() => importKey(raw))
          .to.throw(DomainError)
          .with.property('code', 'did_malformed')
      }
    })
  })
}
