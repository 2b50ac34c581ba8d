import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { createKeyResolver } from './key-resolver.ts'

const ADDRESS = `0x${'11'.repeat(20)}` as const
const chain = { chainId: 1, rpcUrls: ['http://127.0.0.1:1'], didRegistry: ADDRESS, statusRegistry: ADDRESS }
const publicKeyJwk = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' })

describe('a key resolver', () => {
  const did = (name: string) => `did:web:agents.example:${name}`
  let asked: string[]
  beforeEach(() => {
    asked = []
  })

  /** One whose host shows these documents, by the last part of the path. */
  const resolverOf = (documentOf: (name: string) => object, max?: number) =>
    createKeyResolver({
      chain,
      ...(max !== undefined && { max }),
      async fetch(url) {
        const name = url.split('/').at(-2)!
        asked.push(name)
        return Buffer.from(JSON.stringify({ id: did(name), ...documentOf(name) }))
      },
    })
  const methodOf = (name: string) => ({ id: '#key', type: 'JsonWebKey', controller: did(name), publicKeyJwk })

  it('remembers no more DIDs than it is told, however many strangers name', async () => {
    const resolver = resolverOf((name) => ({ verificationMethod: [methodOf(name)] }), 2)
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await resolver.resolveKeys(did(name))
    expect(asked).to.deep.equal(['a', 'b', 'c', 'b'])
  })

  it('has one place for a DID: another spelling is refused, not resolved beside it', async () => {
    const resolver = resolverOf((name) => ({ verificationMethod: [methodOf(name)] }))
    await resolver.resolveKeys(did('a'))
    for (const spelled of ['did:web:AGENTS.example:a', 'did:web:agents.example:%61', 'did:web:agents.example%3A443:a'])
      await rejected(resolver.resolveKeys(spelled))
    expect(asked).to.deep.equal(['a'])
  })

  it('follows no reference out of a document, so that documents which name each other lead nowhere', async () => {
    const other = (name: string) => (name === 'a' ? did('b') : did('a'))
    const resolver = resolverOf((name) => ({
      controller: other(name),
      alsoKnownAs: [other(name)],
      verificationMethod: [{ ...methodOf(name), controller: other(name) }],
      authentication: [`${other(name)}#key`, { ...methodOf(name), id: `${other(name)}#key`, controller: other(name) }],
    }))
    const { verificationMethods } = await resolver.resolveKeys(did('a'))
    expect([...verificationMethods]).to.deep.equal([])
    expect(asked).to.deep.equal(['a'])
  })
})

async function rejected(resolving: unknown): Promise<void> {
  const outcome = await Promise.resolve(resolving).then(
    () => 'resolved',
    ({ code }) => code,
  )
  expect(outcome).to.match(/^did_/)
}
