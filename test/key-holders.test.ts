import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { buildPresentation } from '@consulate/core'
import { base58 } from '@scure/base'
import { expect } from 'chai'
import { DOMAIN, type System, startSystem } from './system/start-system.ts'

const ROLE = 'payments.approver'

const CURVES = [
  {
    name: 'P-256',
    algorithm: 'ES256',
    multicodec: '8024',
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  {
    name: 'secp256k1',
    algorithm: 'ES256K',
    multicodec: 'e701',
    order: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
  },
]

describe('holders whose did:key is on', () => {
  let system: System

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  for (const { name, algorithm, multicodec, order } of CURVES)
    describe(name, () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: name })
      const did = didOf(multicodec, publicKey)
      let credential: string

      before(async () => {
        const grant = { role: ROLE, operator: 'ops@example.com' }
        credential = (await system.clients.issuer.issueRole(did, grant)).verifiableCredential
      })

      it(`present roles with ${algorithm}`, async () => {
        const { holder, roles } = await present()
        expect([holder, roles[0]!.role]).to.deep.equal([did, ROLE])
      })

      it('are refused with the twin of a signature, and with signatures of zeros', async () => {
        const high = (signature: Buffer) => withS(signature, order - s(signature))
        expect(await refusal(present({ alter: high }))).to.equal('signature_invalid')
        expect(await refusal(present({ alter: () => Buffer.alloc(64) }))).to.equal('signature_invalid')
      })

      it('are refused with the key of another, with another algorithm, and with a token of another type', async () => {
        const stranger = generateKeyPairSync('ec', { namedCurve: name }).privateKey
        expect(await refusal(present({ key: stranger }))).to.equal('signature_invalid')
        for (const alg of ['ES256', 'ES256K', 'EdDSA'].filter((other) => other !== algorithm))
          expect(await refusal(present({ header: { alg } })), alg).to.equal('algorithm_not_allowed')
        expect(await refusal(present({ header: { typ: 'vc+jwt' } }))).to.equal('token_type_invalid')
      })

      async function present({
        key = privateKey,
        header = {},
        alter = (signature: Buffer) => signature,
      }: {
        key?: KeyObject
        header?: object
        alter?(signature: Buffer): Buffer
      } = {}) {
        const { challenge } = await system.clients.verifier.challenge(DOMAIN)
        const now = Math.floor(Date.now() / 1000)
        const payload = buildPresentation({ holder: did, credentials: [credential], domain: DOMAIN, challenge, now })
        const kid = `${did}#${did.slice('did:key:'.length)}`
        const input = [{ alg: algorithm, typ: 'vp+jwt', kid, ...header }, payload]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
          .join('.')
        const signature = low(sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))
        const token = `${input}.${alter(signature).toString('base64url')}`
        return system.clients.verifier.verifyPresentation(token, { domain: DOMAIN, challenge })
      }

      function low(signature: Buffer): Buffer {
        return s(signature) > order / 2n ? withS(signature, order - s(signature)) : signature
      }
    })
})

function didOf(multicodec: string, publicKey: KeyObject): string {
  const { x, y } = publicKey.export({ format: 'jwk' })
  const sign = Buffer.of(2 + (Buffer.from(y!, 'base64url').at(-1)! & 1))
  const point = Buffer.concat([Buffer.from(multicodec, 'hex'), sign, Buffer.from(x!, 'base64url')])
  return `did:key:z${base58.encode(point)}`
}

function s(signature: Buffer): bigint {
  return BigInt(`0x${signature.toString('hex', 32)}`)
}

function withS(signature: Buffer, value: bigint): Buffer {
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(value.toString(16).padStart(64, '0'), 'hex')])
}

function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error) => error.code as string,
  )
}
