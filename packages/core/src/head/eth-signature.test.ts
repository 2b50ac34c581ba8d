import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import vectors from '../../../../test/vectors/valid/head.json' with { type: 'json' }
import { DomainError } from '../errors.ts'
import { recoverSigner } from './eth-signature.ts'
import type { Hex } from './head.ts'

const { digest, signature, signer } = vectors.heads[0] as { digest: Hex; signature: Hex; signer: Hex }
const refuses = (bad: string) =>
  expect(() => recoverSigner(digest, bad as Hex), bad)
    .to.throw(DomainError)
    .with.property('code', 'signature_invalid')

describe('recoverSigner', () => {
  it('finds who signed the vectors', () => {
    for (const head of vectors.heads) {
      expect(recoverSigner(head.digest as Hex, head.signature as Hex)).to.equal(head.signer)
    }
  })

  it('finds the account that signed', async () => {
    for (let i = 1; i <= 10; i++) {
      const account = privateKeyToAccount(`0x${i.toString(16).padStart(64, '0')}`)
      expect(recoverSigner(digest, await account.sign({ hash: digest }))).to.equal(account.address.toLowerCase())
    }
  })

  it('finds somebody else for another digest', () => {
    expect(recoverSigner(vectors.heads[1]!.digest as Hex, signature)).not.to.equal(signer)
  })

  it('refuses the high-S twin', () => {
    const s = BigInt(`0x${signature.slice(66, 130)}`)
    const twin = (secp256k1.Point.CURVE().n - s).toString(16).padStart(64, '0')
    refuses(`${signature.slice(0, 66)}${twin}${signature.endsWith('1b') ? '1c' : '1b'}`)
  })

  it('refuses r or s of zero or not below the order', () => {
    const n = secp256k1.Point.CURVE().n.toString(16)
    for (const edge of ['00'.repeat(32), n, 'ff'.repeat(32)]) {
      refuses(`0x${edge}${signature.slice(66)}`)
      refuses(`${signature.slice(0, 66)}${edge}1b`)
    }
  })

  it('refuses an r that is no x of the curve', () => refuses(`0x${'00'.repeat(31)}05${signature.slice(66)}`))

  it('refuses other forms', () => {
    const body = signature.slice(0, -2)
    for (const v of ['00', '01', '1a', '1d', '25']) refuses(body + v)
    for (const bad of ['', '0x', body, `${signature}00`, signature.toUpperCase(), signature.slice(2), `${signature}\n`])
      refuses(bad)
  })
})
