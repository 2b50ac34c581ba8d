import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { publicKeyToAddress } from 'viem/accounts'
import type { SignatureAlgorithm, VerificationMethod } from '../did/verification-method.ts'
import { DomainError } from '../errors.ts'
import { verifySignature } from './verify-signature.ts'

const MESSAGE = Buffer.from('eyJhbGciOiJFZERTQSJ9.e30')
const ORDERS = { EdDSA: ed25519.Point.CURVE().n, ES256: p256.Point.CURVE().n, ES256K: secp256k1.Point.CURVE().n }
const toBytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const toNumber = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

const keys: Record<SignatureAlgorithm, { publicKey: KeyObject; privateKey: KeyObject }> = {
  EdDSA: generateKeyPairSync('ed25519'),
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES256K: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
}
const method = (algorithm: SignatureAlgorithm): VerificationMethod => ({
  id: 'did:example:a#key',
  algorithm,
  publicKey: keys[algorithm].publicKey,
  purposes: new Set(),
})

/** Both halves of what node signs, with s in the lower half of the order. */
function signLow(alg: SignatureAlgorithm, message = MESSAGE): Buffer {
  const { privateKey } = keys[alg]
  if (alg === 'EdDSA') return sign(null, message, privateKey)
  const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })
  const s = toNumber(signature.subarray(32))
  const low = s > ORDERS[alg] / 2n ? ORDERS[alg] - s : s
  return Buffer.concat([signature.subarray(0, 32), toBytes(low)])
}

const refuses = (alg: SignatureAlgorithm, signature: Uint8Array, message = MESSAGE, code = 'signature_invalid') =>
  expect(() => verifySignature(method(alg), alg, message, signature))
    .to.throw(DomainError)
    .with.property('code', code)

for (const alg of ['EdDSA', 'ES256', 'ES256K'] as const) {
  describe(`verifySignature with ${alg}`, () => {
    it('accepts what its key signed', () => {
      for (let i = 0; i < 10; i++) verifySignature(method(alg), alg, Buffer.of(i), signLow(alg, Buffer.of(i)))
    })

    it('refuses other content, and a signature with any bit changed', () => {
      const signature = signLow(alg)
      refuses(alg, signature, Buffer.from('other'))
      fc.assert(
        fc.property(fc.nat(511), (bit) => {
          const changed = Buffer.from(signature)
          changed[bit >> 3]! ^= 1 << (bit & 7)
          refuses(alg, changed)
        }),
      )
    })

    it('refuses a signature cut short, lengthened, empty or in DER', () => {
      const signature = signLow(alg)
      for (const bad of [signature.subarray(0, 63), Buffer.concat([signature, Buffer.of(0)]), Buffer.alloc(0)])
        refuses(alg, bad)
      if (alg !== 'EdDSA') refuses(alg, sign('sha256', MESSAGE, keys[alg].privateKey))
    })

    it('refuses a key for another algorithm', () => {
      for (const other of ['EdDSA', 'ES256', 'ES256K'] as const) {
        if (other === alg) continue
        expect(() => verifySignature(method(alg), other, MESSAGE, signLow(alg)))
          .to.throw(DomainError)
          .with.property('code', 'algorithm_not_allowed')
      }
    })

    it('leaves its arguments alone', () => {
      const signature = signLow(alg)
      const copy = Buffer.from(signature)
      verifySignature(method(alg), alg, MESSAGE, signature)
      expect(signature).to.deep.equal(copy)
    })
  })
}

for (const alg of ['ES256', 'ES256K'] as const) {
  describe(`verifySignature with ${alg}, scalars`, () => {
    const n = ORDERS[alg]

    it('refuses the high-S twin', () => {
      const signature = signLow(alg)
      refuses(alg, Buffer.concat([signature.subarray(0, 32), toBytes(n - toNumber(signature.subarray(32)))]))
    })

    it('refuses r or s of zero, the order, or more: psychic signatures', () => {
      const signature = signLow(alg)
      const edges = [0n, n, n + 1n, 2n ** 256n - 1n].map(toBytes)
      for (const edge of edges) {
        refuses(alg, Buffer.concat([edge, signature.subarray(32)]))
        refuses(alg, Buffer.concat([signature.subarray(0, 32), edge]))
        for (const other of edges) refuses(alg, Buffer.concat([edge, other]))
      }
    })
  })
}

describe('verifySignature with ES256K, of an Ethereum account', () => {
  const addressOf = (key: KeyObject) => {
    const { x, y } = key.export({ format: 'jwk' })
    const point = [x, y].map((coordinate) => Buffer.from(coordinate!, 'base64url').toString('hex')).join('')
    return publicKeyToAddress(`0x04${point}`).toLowerCase() as `0x${string}`
  }
  const account = (): VerificationMethod => ({
    id: 'did:example:a#controller',
    algorithm: 'ES256K',
    account: addressOf(keys.ES256K.publicKey),
    purposes: new Set(),
  })

  it('accepts what its key signed, of either parity, whatever was verified before', () => {
    const used = account()
    for (let i = 0; i < 20; i++) {
      const [message, signature] = [Buffer.of(i), signLow('ES256K', Buffer.of(i))]
      verifySignature(used, 'ES256K', message, signature)
      verifySignature(account(), 'ES256K', message, signature)
    }
  })

  it('refuses what another key signed, other content, the high-S twin and scalars out of range', () => {
    const used = account()
    const signature = signLow('ES256K')
    verifySignature(used, 'ES256K', MESSAGE, signature)
    const stranger = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
    const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]
    const bad: [Buffer, Buffer][] = [
      [MESSAGE, sign('sha256', MESSAGE, { key: stranger, dsaEncoding: 'ieee-p1363' })],
      [Buffer.from('other'), signature],
      [MESSAGE, Buffer.concat([r, toBytes(ORDERS.ES256K - toNumber(s))])],
      [MESSAGE, Buffer.concat([toBytes(0n), s])],
      [MESSAGE, Buffer.concat([toBytes(ORDERS.ES256K - 1n), s])],
      [MESSAGE, Buffer.alloc(64)],
    ]
    for (const method of [used, account()])
      for (const [message, forged] of bad)
        expect(() => verifySignature(method, 'ES256K', message, forged))
          .to.throw(DomainError)
          .with.property('code', 'signature_invalid')
  })
})

describe('verifySignature with EdDSA, scalars', () => {
  it('refuses S + L, the twin of a signature', () => {
    const signature = signLow('EdDSA')
    const s = toNumber(Buffer.from(signature.subarray(32)).reverse())
    const twin = toBytes(s + ORDERS.EdDSA).reverse()
    refuses('EdDSA', Buffer.concat([signature.subarray(0, 32), twin]))
  })

  it('refuses S = L and the all-zero signature', () => {
    refuses('EdDSA', Buffer.concat([signLow('EdDSA').subarray(0, 32), toBytes(ORDERS.EdDSA).reverse()]))
    refuses('EdDSA', Buffer.alloc(64))
  })
})
