import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { resolveDidKey } from '@consulate/core'
import { base58 } from '@scure/base'
import { expect } from 'chai'
import { Resolver } from 'did-resolver'
import { getResolver as ethrResolver } from 'ethr-did-resolver'
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { newSigner } from '../system/forge.ts'
import { send, verificationRefusalOf } from '../system/http.ts'
import { credentialOf } from '../system/secure.ts'
import { type System, startSystem } from '../system/start-system.ts'

const ROLE = 'payments.approver'

describe('with jose, and the resolvers that come with Veramo', () => {
  let system: System

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(() => system?.stop())

  /** The key that a token names, as ethr-did-resolver finds it on chain. */
  async function issuerKey(token: string) {
    const { kid } = decodeProtectedHeader(token)
    const { chainId, rpcUrls, didRegistry } = system.chain
    const network = { name: `0x${chainId.toString(16)}`, chainId, rpcUrl: rpcUrls[0]!, registry: didRegistry }
    const { didDocument } = await new Resolver(ethrResolver({ networks: [network] })).resolve(system.issuer.did)
    expect(didDocument!.assertionMethod).to.include(kid)
    const method = didDocument!.verificationMethod!.find(({ id }) => id === kid)!
    const raw = Buffer.from(
      method.publicKeyHex ?? Buffer.from(base58.decode(method.publicKeyBase58!)).toString('hex'),
      'hex',
    )
    return importJWK({ kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, 'EdDSA')
  }

  it('a credential and a status list of ours are verified', async () => {
    const { credential } = await system.agentWith('jose', ROLE)
    const { entries } = await system.clients.issuer.statusHead()
    const list = await send(entries[0]!.name, { headers: { Accept: 'application/vc+jwt' } })
    for (const token of [credential.verifiableCredential, list.text]) {
      const { payload, protectedHeader } = await compactVerify(token, await issuerKey(token), { algorithms: ['EdDSA'] })
      expect(protectedHeader.typ).to.equal('vc+jwt')
      expect(JSON.parse(Buffer.from(payload).toString()).issuer).to.equal(system.issuer.did)
      const [header, body, signature] = token.split('.')
      const altered = `${header}.${body!.slice(0, -4)}AAAA.${signature}`
      const refusal = await compactVerify(altered, await issuerKey(token)).catch((error) => error.code)
      expect(refusal).to.equal('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
    }
  })

  it('a presentation of ours is verified with the key in the DID of its holder', async () => {
    const agent = await system.agentWith('presenting', ROLE)
    const token = await agent.wallet.present({ domain: 'https://api.example', challenge: 'a-challenge-of-theirs' })
    const { kid } = decodeProtectedHeader(token)
    const { publicKey } = resolveDidKey(agent.did).verificationMethods.get(kid!)!
    const { payload } = await compactVerify(token, publicKey!)
    expect(JSON.parse(Buffer.from(payload).toString())).to.include({
      holder: agent.did,
      nonce: 'a-challenge-of-theirs',
    })
  })

  it('credentials of theirs are verified, with Ed25519 and with P-256 when the signature has a low S', async () => {
    const ed25519 = newSigner()
    expect(await verifyByUs(await signByThem('EdDSA', ed25519.kid, ed25519.privateKey))).to.equal('verified')
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x, y } = p256.publicKey.export({ format: 'jwk' })
    const compressed = Buffer.concat([
      Buffer.from([0x80, 0x24, 2 + (Buffer.from(y!, 'base64url').at(-1)! & 1)]),
      Buffer.from(x!, 'base64url'),
    ])
    const name = `z${base58.encode(compressed)}`
    const outcomes = new Map<boolean, string>()
    for (let attempt = 0; attempt < 64 && outcomes.size < 2; attempt++) {
      const token = await signByThem('ES256', `did:key:${name}#${name}`, p256.privateKey)
      outcomes.set(hasLowS(token), await verifyByUs(token))
    }
    expect(Object.fromEntries(outcomes)).to.deep.equal({ true: 'verified', false: '400 signature_invalid' })
  })

  function signByThem(alg: string, kid: string, key: KeyObject): Promise<string> {
    const credential = credentialOf(kid.split('#')[0]!)
    return new CompactSign(Buffer.from(JSON.stringify(credential)))
      .setProtectedHeader({ alg, typ: 'vc+jwt', cty: 'vc', kid })
      .sign(key)
  }

  async function verifyByUs(verifiableCredential: string): Promise<string> {
    const url = `${system.verifier.url}/instances/open/credentials/verify`
    const answer = await send(url, { method: 'POST', token: system.verifierToken, body: { verifiableCredential } })
    return answer.status === 200 ? 'verified' : verificationRefusalOf(answer)
  }
})

function hasLowS(token: string): boolean {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const signature = Buffer.from(token.split('.')[2]!, 'base64url')
  return BigInt(`0x${signature.toString('hex', 32)}`) <= order / 2n
}
