import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto'
import { inspect } from 'node:util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect } from 'chai'
import { rejection } from '../db/rejection.test.ts'
import { SealedKey } from './entities.ts'
import { describeWithKeys } from './key-database.test.ts'
import { NodeKms } from './node-kms.ts'

describeWithKeys('key management on node:crypto', (keys) => {
  const data = Buffer.from('what is signed')
  let kms: NodeKms

  beforeEach(() => {
    kms = new NodeKms(keys.database, keys.sealer)
  })

  describe('signing', () => {
    it('signs EdDSA, as node:crypto verifies it, also after a restart', async () => {
      const { kid, publicKeyHex } = await kms.createKey({ type: 'Ed25519' })
      const before = await kms.sign({ keyRef: { kid }, algorithm: 'EdDSA', data })
      await keys.reopen()
      const after = await new NodeKms(keys.database, keys.sealer).sign({ keyRef: { kid }, data })
      expect(after).to.equal(before)
      const key = publicKey({ kty: 'OKP', crv: 'Ed25519', x: base64url(publicKeyHex) })
      expect(verify(null, data, key, Buffer.from(before, 'base64url'))).to.equal(true)
    })

    it('signs ES256K with a low s each time, as node:crypto verifies it', async () => {
      const { kid, publicKeyHex } = await kms.createKey({ type: 'Secp256k1' })
      const [x = '', y = ''] = [publicKeyHex.slice(2, 66), publicKeyHex.slice(66)].map(base64url)
      const key = publicKey({ kty: 'EC', crv: 'secp256k1', x, y })
      for (let round = 0; round < 20; round++) {
        const signature = Buffer.from(await kms.sign({ keyRef: { kid }, algorithm: 'ES256K', data }), 'base64url')
        expect(verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)).to.equal(true)
        expect(BigInt(`0x${signature.toString('hex', 32)}`) <= secp256k1.Point.CURVE().n / 2n).to.equal(true)
      }
    })

    it('signs a digest so that ecrecover gives its key', async () => {
      const { kid, publicKeyHex } = await kms.createKey({ type: 'Secp256k1' })
      for (let round = 0; round < 10; round++) {
        const digest = createHash('sha256').update(String(round)).digest()
        const signature = await kms.sign({ keyRef: { kid }, algorithm: 'eth_rawSign', data: digest })
        expect(signature).to.match(/^0x[0-9a-f]{128}(1b|1c)$/)
        const bytes = Buffer.from(signature.slice(2), 'hex')
        const recovered = secp256k1.Signature.fromBytes(bytes.subarray(0, 64), 'compact')
          .addRecoveryBit(bytes[64]! - 27)
          .recoverPublicKey(digest)
        expect(recovered.toHex(false)).to.equal(publicKeyHex)
      }
    })

    it('signs only whole digests for Ethereum', async () => {
      const keyRef = await kms.createKey({ type: 'Secp256k1' })
      const error = await rejection(kms.sign({ keyRef, algorithm: 'eth_rawSign', data }))
      expect(error).to.have.property('message', 'eth_rawSign takes a digest of 32 bytes; got 14.')
    })

    it('refuses other algorithms, key types and shared secrets', async () => {
      const ed25519 = await kms.createKey({ type: 'Ed25519' })
      const secp256k1 = await kms.createKey({ type: 'Secp256k1' })
      const refused = [
        kms.sign({ keyRef: ed25519, algorithm: 'ES256K', data }),
        kms.sign({ keyRef: ed25519, algorithm: 'constructor', data }),
        kms.sign({ keyRef: secp256k1, algorithm: 'EdDSA', data }),
        kms.sign({ keyRef: secp256k1, algorithm: 'eth_signMessage', data }),
        kms.createKey({ type: 'X25519' }),
        kms.sharedSecret(),
      ]
      for (const promise of refused) expect(await rejection(promise)).to.have.property('code', 'algorithm_not_allowed')
    })
  })

  describe('importing', () => {
    it('takes raw keys, and the seed ‖ public key of Veramo', async () => {
      // RFC 8032 §7.1, test 1.
      const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
      const publicKeyHex = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
      const short = await kms.importKey({ kid: 'short', type: 'Ed25519', privateKeyHex: seed })
      const long = await kms.importKey({ kid: 'long', type: 'Ed25519', privateKeyHex: `0x${seed}${publicKeyHex}` })
      expect([short.publicKeyHex, long.publicKeyHex]).to.deep.equal([publicKeyHex, publicKeyHex])
      const signature = Buffer.from(await kms.sign({ keyRef: short, data: Buffer.alloc(0) }), 'base64url')
      expect(signature.toString('hex')).to.match(/^e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155/)
    })

    it('takes a secp256k1 scalar', async () => {
      const { publicKeyHex } = await kms.importKey({ type: 'Secp256k1', privateKeyHex: '1'.padStart(64, '0') })
      expect(publicKeyHex).to.equal(secp256k1.Point.BASE.toHex(false))
    })

    const notKeys: Record<string, [type: string, hex: string]> = {
      'a short seed': ['Ed25519', 'c0ffee'],
      'a seed with the public key of another': ['Ed25519', 'ab'.repeat(64)],
      zero: ['Secp256k1', '00'.repeat(32)],
      'a number above the order': ['Secp256k1', 'ff'.repeat(32)],
      'a long scalar': ['Secp256k1', 'ab'.repeat(33)],
    }
    for (const [name, [type, privateKeyHex]] of Object.entries(notKeys)) {
      it(`refuses ${name}, without repeating it`, async () => {
        const error = await rejection(kms.importKey({ type, privateKeyHex }))
        expect(error).to.have.property('code', 'invalid_request')
        expect(inspect(error, { depth: 9 })).to.not.include(privateKeyHex)
      })
    }
  })

  describe('keeping', () => {
    it('lists keys without their private side', async () => {
      const created = [
        await kms.createKey({ type: 'Ed25519' }),
        await kms.createKey({ type: 'Secp256k1', kid: 'mine' }),
      ]
      expect(await kms.listKeys()).to.have.deep.members(created)
      expect(created[0]).to.have.all.keys('kid', 'kms', 'type', 'publicKeyHex', 'meta')
    })

    it('signs no more with a deleted key', async () => {
      const { kid } = await kms.createKey({ type: 'Ed25519' })
      await kms.sign({ keyRef: { kid }, data })
      expect([await kms.deleteKey({ kid }), await kms.deleteKey({ kid })]).to.deep.equal([true, false])
      expect(await rejection(kms.sign({ keyRef: { kid }, data }))).to.have.property('code', 'key_not_found')
    })

    it('refuses a private key swapped in from another row', async () => {
      const [mine, other] = [await kms.createKey({ type: 'Ed25519' }), await kms.createKey({ type: 'Ed25519' })]
      await keys.database.transaction(async (tx) => {
        const { sealed } = await tx.findOneByOrFail(SealedKey, { kid: other.kid })
        await tx.update(SealedKey, { kid: mine.kid }, { sealed })
      })
      expect(await rejection(kms.sign({ keyRef: mine, data }))).to.have.property('code', 'internal')
    })

    it('refuses a second key under one kid', async () => {
      await kms.createKey({ type: 'Ed25519', kid: 'mine' })
      expect(await rejection(kms.createKey({ type: 'Ed25519', kid: 'mine' }))).to.have.property(
        'code',
        'invalid_request',
      )
    })
  })
})

function publicKey(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: 'jwk' })
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url')
}
