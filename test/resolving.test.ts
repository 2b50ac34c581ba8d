import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { ethrDid } from '@consulate/core'
import {
  broadcast,
  changeOwnerDigest,
  createChainClient,
  encodeChangeOwnerSigned,
  prepareTransaction,
  signTransaction,
  waitForReceipt,
} from '@consulate/registry'
import { startVerifier, envToConfig as verifierConfig } from '@consulate/verifier'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { generatePrivateKey, privateKeyToAccount, serializeSignature, sign } from 'viem/accounts'
import { DATABASES } from './system/databases.ts'
import { refusalOf, send } from './system/http.ts'
import { selfSigned, trustCertificate } from './system/self-signed.ts'
import { type System, startSystem } from './system/start-system.ts'
import valid from './vectors/valid/canonical-did.json' with { type: 'json' }

const RESULT = 'application/did-resolution'

describe('resolving DIDs over HTTP', () => {
  let system: System
  let host: Server
  let authority: string
  let hits: string[]
  let documents: Record<string, unknown>
  let distrust: () => void

  before(async () => {
    const { cert, key } = await selfSigned()
    distrust = trustCertificate(cert)
    hits = []
    host = createServer({ key, cert }, (request, response) => {
      hits.push(request.url!)
      const document = documents[request.url!]
      response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document))
    })
    await once(host.listen(0, 'localhost'), 'listening')
    authority = `localhost%3A${(host.address() as AddressInfo).port}`
    system = await startSystem({ settings: { CONSULATE_OUTGOING_ALLOW: 'localhost' } })
  })

  after(async () => {
    host?.close()
    host?.closeAllConnections()
    await system?.stop()
    distrust()
  })

  beforeEach(() => {
    hits.length = 0
    documents = {}
  })

  const ask = (
    did: string,
    { accept, token = system.verifierToken }: { accept?: string; token?: string | null } = {},
  ) =>
    send(`${system.verifier.url}/1.0/identifiers/${encodeURIComponent(did)}`, {
      token: token ?? undefined,
      headers: accept === undefined ? {} : { Accept: accept },
    })

  async function resolve(did: string, token?: string | null) {
    const { status, contentType, text } = await ask(did, { ...(token !== undefined && { token }) })
    expect(contentType).to.match(/^application\/did-resolution\b/)
    const resolved = JSON.parse(text)
    expect(resolved).to.have.all.keys('didDocument', 'didResolutionMetadata', 'didDocumentMetadata')
    return { status, ...resolved }
  }

  /** `status TYPE` of a failed resolution. */
  async function failure(did: string): Promise<string> {
    const { status, didDocument, didResolutionMetadata, didDocumentMetadata } = await resolve(did)
    expect([didDocument, didDocumentMetadata]).to.deep.equal([null, {}])
    const { type, title, detail } = didResolutionMetadata.error
    expect(title).to.be.a('string')
    expect(detail).to.have.length.above(20)
    expect(type).to.match(/^https:\/\/www\.w3\.org\/ns\/did#/)
    return `${status} ${type.split('#')[1]}`
  }

  it('gives everybody the document of a did:key, of each kind of key', async () => {
    for (const { did } of [...valid.didKeys, ...valid.ecDidKeys]) {
      const { status, didDocument, didResolutionMetadata } = await resolve(did, null)
      expect(status).to.equal(200)
      expect(didResolutionMetadata).to.deep.equal({ contentType: 'application/did' })
      const publicKeyMultibase = did.slice('did:key:'.length)
      const id = `${did}#${publicKeyMultibase}`
      expect(didDocument.id).to.equal(did)
      expect(didDocument.verificationMethod).to.deep.equal([
        { id, type: 'Multikey', controller: did, publicKeyMultibase },
      ])
      for (const purpose of ['assertionMethod', 'authentication']) expect(didDocument[purpose]).to.deep.equal([id])
    }
  })

  it('gives the document alone to who accepts that, and refuses what it cannot give', async () => {
    const { did } = valid.didKeys[0]!
    for (const accept of [undefined, '*/*', RESULT, 'text/html, application/did-resolution;q=0.1'])
      expect((await ask(did, accept === undefined ? {} : { accept })).contentType).to.match(
        /^application\/did-resolution\b/,
      )
    const json = await ask(did, { accept: 'application/json' })
    expect(json.contentType).to.match(/^application\/json\b/)
    expect(JSON.parse(json.text).didDocument.id).to.equal(did)
    const alone = await ask(did, { accept: 'application/did' })
    expect([alone.status, JSON.parse(alone.text).id]).to.deep.equal([200, did])
    expect(alone.contentType).to.match(/^application\/did(;|$)/)
    for (const accept of ['application/did+ld+json', 'application/did+json']) {
      const former = await ask(did, { accept })
      expect([former.status, former.contentType?.split(';')[0], JSON.parse(former.text).id]).to.deep.equal([
        200,
        accept,
        did,
      ])
    }
    const former = await ask(did, { accept: 'application/ld+json;profile="https://w3id.org/did-resolution"' })
    expect([former.status, JSON.parse(former.text).didDocument.id]).to.deep.equal([200, did])
    const html = await ask(did, { accept: 'text/html' })
    expect(html.status).to.equal(406)
    expect(JSON.parse(html.text).didResolutionMetadata.error.type).to.equal(
      'https://www.w3.org/ns/did#REPRESENTATION_NOT_SUPPORTED',
    )
  })

  it('reads a did:ethr from the chain: the issuer’s keys, and those of an agent that is new', async () => {
    const issuer = await resolve(system.issuer.did)
    expect(issuer.status).to.equal(200)
    expect(issuer.didDocument.id).to.equal(system.issuer.did)
    expect(issuer.didDocument.assertionMethod.length).to.be.above(1)
    expect(issuer.didDocumentMetadata).to.have.property('versionId')
    const fresh = account().did
    const { didDocument } = await resolve(fresh)
    expect(didDocument.authentication).to.deep.equal([`${fresh}#controller`])
  })

  it('says 410 of a did:ethr that was deactivated', async () => {
    const { did, address, privateKey } = account()
    await deactivate(address, privateKey)
    const { status, ...resolved } = await resolve(did)
    expect(status).to.equal(410)
    expect(resolved).to.deep.equal({
      didDocument: null,
      didResolutionMetadata: {},
      didDocumentMetadata: { deactivated: true },
    })
  })

  it('fetches the document of a did:web from its host', async () => {
    const did = `did:web:${authority}:agents:bot`
    const document = { '@context': ['https://www.w3.org/ns/did/v1'], id: did, service: [] }
    documents['/agents/bot/did.json'] = document
    const { status, didDocument } = await resolve(did)
    expect([status, didDocument]).to.deep.equal([200, document])
    expect(hits).to.deep.equal(['/agents/bot/did.json'])
  })

  it('says what is wrong with a DID, and what could not be had of it', async () => {
    expect(await failure('nobody')).to.equal('400 INVALID_DID')
    expect(await failure(`${valid.didKeys[0]!.did}#key`)).to.equal('400 INVALID_DID')
    expect(await failure('did:key:zDnaeQRy3dcKsKa1zmKtVKsTy3m2HYoQnFnfKuxD6HfSTQgYg')).to.equal('400 INVALID_DID')
    expect(await failure(system.issuer.did.replace('0x7a69', '0x07a69'))).to.equal('400 INVALID_DID')
    expect(await failure('did:example:123')).to.equal('501 METHOD_NOT_SUPPORTED')
    expect(await failure(system.issuer.did.replace('0x7a69', '0x1'))).to.equal('501 METHOD_NOT_SUPPORTED')
    expect(await failure(`did:web:${authority}:nobody`)).to.equal('404 NOT_FOUND')
    documents['/.well-known/did.json'] = { id: 'did:web:somebody.example' }
    documents['/none/did.json'] = { keys: [] }
    expect(await failure(`did:web:${authority}`)).to.equal('500 INVALID_DID_DOCUMENT')
    expect(await failure(`did:web:${authority}:none`)).to.equal('500 INVALID_DID_DOCUMENT')
  })

  it('asks nobody on behalf of strangers', async () => {
    for (const did of [`did:web:${authority}:agents:bot`, system.issuer.did]) {
      expect(refusalOf(await ask(did, { token: null }))).to.equal('401 unauthenticated')
      expect(refusalOf(await ask(did, { token: 'a-token-of-nobody-0123456789' }))).to.equal('401 unauthenticated')
    }
    expect(hits).to.be.empty
  })

  it('fetches nothing from a host that is not public, unless it is allowed', async () => {
    const env: Record<string, string> = {
      ...system.env,
      CONSULATE_VERIFIER_DATABASE_URL: await DATABASES.SQLite(system.folder, 'guarded'),
      CONSULATE_OUTGOING_ALLOW: '',
    }
    const guarded = await startVerifier(verifierConfig(env))
    try {
      const registered = await send(`${guarded.url}/resource-servers`, {
        method: 'POST',
        token: env.CONSULATE_ADMIN_TOKEN,
        body: { name: 'guarded', domains: ['https://api.example'] },
      })
      const { token } = JSON.parse(registered.text)
      const answer = await send(`${guarded.url}/1.0/identifiers/did:web:${encodeURIComponent(authority)}`, { token })
      expect(answer.status).to.equal(404)
      expect(hits).to.be.empty
    } finally {
      await guarded.stop()
    }
  })

  function account(): { did: string; address: Hex; privateKey: Hex } {
    const privateKey = generatePrivateKey()
    const { address } = privateKeyToAccount(privateKey)
    return { did: ethrDid(system.chain.chainId, address), address, privateKey }
  }

  /** The owner hands the DID to nobody (did:ethr, Delete). */
  async function deactivate(identity: Hex, privateKey: Hex): Promise<void> {
    const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
    const { didRegistry } = system.chain
    const nobody: Hex = `0x${'0'.repeat(40)}`
    const hash = changeOwnerDigest({ didRegistry, identity, nonce: 0n }, nobody)
    const data = encodeChangeOwnerSigned(identity, nobody, serializeSignature(await sign({ hash, privateKey })))
    const payer = system.devnet.accounts[6]!
    const prepared = await prepareTransaction(client, { from: payer.address, to: didRegistry, data })
    const transaction = await signTransaction(payer.privateKey, prepared)
    await broadcast(client, transaction.raw)
    expect((await waitForReceipt(client, transaction.hash)).status).to.equal('success')
  }
})
