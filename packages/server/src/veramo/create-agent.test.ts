import { createPublicKey, verify } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalDid } from '@consulate/core'
import type { CredentialPayload } from '@veramo/core-types'
import { expect } from 'chai'
import type { Resolvable } from 'did-resolver'
import { rejection } from '../db/rejection.test.ts'
import { SealedKey } from '../keys/entities.ts'
import { describeWithKeys } from '../keys/key-database.test.ts'
import { NodeKms } from '../keys/node-kms.ts'
import { type Agent, createAgent } from './create-agent.ts'
import { ManagedDid, ManagedKey } from './entities.ts'
import { envelopedToken } from './enveloped-token.ts'

const resolved = { didDocument: null, didDocumentMetadata: {}, didResolutionMetadata: {} }
const didResolver: Resolvable = { resolve: async () => resolved }

describeWithKeys('agent', (keys) => {
  let agent: Agent

  beforeEach(() => {
    agent = newAgent()
  })

  const newAgent = () =>
    createAgent({
      database: keys.database,
      kms: new NodeKms(keys.database, keys.sealer),
      didResolver,
      debug: undefined,
      ethrNetworks: [{ chainId: 31337, rpcUrl: 'http://127.0.0.1:1', registry: `0x${'11'.repeat(20)}` }],
    })

  describe('DIDs', () => {
    it('are did:key with an Ed25519 key, and survive a restart', async () => {
      const created = await agent.didManagerCreate({ alias: 'a' })
      expect(canonicalDid(created.did)).to.match(/^did:key:z6Mk/)
      await keys.reopen()
      const found = await newAgent().didManagerGetByAlias({ alias: 'a' })
      expect(found).to.deep.equal(created)
      expect(JSON.stringify(found)).to.not.include('private')
    })

    it('are did:ethr in the one canonical spelling when asked for', async () => {
      const { did, keys } = await agent.didManagerCreate({ provider: 'did:ethr:0x7a69' })
      expect(canonicalDid(did)).to.match(/^did:ethr:0x7a69:0x[0-9a-f]{40}$/)
      expect(keys.map(({ type }) => type)).to.deep.equal(['Secp256k1'])
    })

    it('are one for one alias, however many ask at once', async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, () => agent.didManagerGetOrCreate({ alias: 'a' })))
      expect(new Set(asked.map(({ did }) => did))).to.have.property('size', 1)
      expect(await keys.database.read.count(SealedKey)).to.equal(1)
    })

    it('are not created twice under one alias, and a refused one leaves no key behind', async () => {
      const outcomes = await Promise.allSettled([1, 2, 3].map(() => agent.didManagerCreate({ alias: 'a' })))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1)
      expect(await keys.database.read.count(ManagedDid)).to.equal(1)
      expect(await keys.database.read.count(ManagedKey)).to.equal(1)
      expect(await keys.database.read.count(SealedKey)).to.equal(1)
    })

    it('cannot take the alias of another', async () => {
      await agent.didManagerCreate({ alias: 'a' })
      const { did } = await agent.didManagerCreate({ alias: 'b' })
      const error = await rejection(agent.didManagerSetAlias({ did, alias: 'a' }))
      expect(error).to.include({
        code: 'invalid_request',
        message: 'Another DID has the alias a: choose another alias.',
      })
      expect(await agent.didManagerGet({ did })).to.have.property('alias', 'b')
    })

    it('belong to the transaction they are created in', async () => {
      await rejection(
        keys.database.transaction(async () => {
          const { did } = await agent.didManagerCreate({ alias: 'a' })
          expect(await agent.didManagerGet({ did })).to.have.property('alias', 'a')
          throw new Error('undone')
        }),
      )
      expect(await agent.didManagerFind()).to.deep.equal([])
    })

    it('are found by alias and provider', async () => {
      await agent.didManagerCreate({ alias: 'a' })
      await agent.didManagerCreate({ alias: 'b', provider: 'did:ethr:0x7a69' })
      const aliases = async (args: object) => (await agent.didManagerFind(args)).map(({ alias }) => alias)
      expect(await aliases({ provider: 'did:key' })).to.deep.equal(['a'])
      expect(await aliases({ alias: 'b' })).to.deep.equal(['b'])
      expect(await rejection(agent.didManagerGetByAlias({ alias: 'c' }))).to.have.property('code', 'not_found')
    })

    it('take their keys with them when deleted', async () => {
      const {
        did,
        keys: [key],
      } = await agent.didManagerCreate({ alias: 'a' })
      await agent.didManagerDelete({ did })
      expect(await rejection(agent.didManagerGet({ did }))).to.have.property('code', 'not_found')
      const signing = agent.keyManagerSign({ keyRef: key!.kid, data: 'x' })
      expect(await rejection(signing)).to.have.property('code', 'key_not_found')
      expect(await keys.database.read.count(SealedKey)).to.equal(0)
    })

    it('can gain and lose a key that stands on chain', async () => {
      const { did } = await agent.didManagerCreate({ provider: 'did:ethr:0x7a69' })
      const key = await agent.keyManagerCreate({ kms: 'local', type: 'Ed25519' })
      await agent.didManagerAddKey({ did, key, options: { localOnly: true } })
      expect((await agent.didManagerGet({ did })).keys)
        .to.have.length(2)
        .and.to.deep.include(key)
      await agent.didManagerRemoveKey({ did, kid: key.kid, options: { localOnly: true } })
      expect((await agent.didManagerGet({ did })).keys).to.have.length(1)
      expect(await agent.keyManagerGet({ kid: key.kid })).to.deep.equal(key)
    })
  })

  describe('securing', () => {
    let did: string
    let publicKeyHex: string

    beforeEach(async () => {
      const created = await agent.didManagerCreate()
      did = created.did
      publicKeyHex = created.keys[0]!.publicKeyHex
    })

    const credential = (issuer: string) =>
      deepFreeze({
        '@context': ['https://www.w3.org/ns/credentials/v2', { role: 'urn:example:role' }],
        type: ['VerifiableCredential', 'AgentRoleCredential'],
        id: 'urn:uuid:11111111-2222-4333-8444-555555555555',
        issuer,
        validFrom: '2026-01-01T00:00:00Z',
        credentialSubject: { id: 'did:example:agent', role: 'payments.approver', note: 'ü\u2028"' },
        iat: 1767225600,
      })

    it('signs as vc+jwt exactly the JSON it was given, which it leaves alone, and always alike', async () => {
      const given = credential(did)
      const tokens = [await issue(given), await issue(given)]
      const { header, payload, verified } = open(tokens[0]!, publicKeyHex)
      expect(header).to.deep.equal({ alg: 'EdDSA', typ: 'vc+jwt', kid: `${did}#${did.slice('did:key:'.length)}` })
      expect(payload).to.equal(JSON.stringify(given))
      expect(verified).to.equal(true)
      expect(tokens[1]).to.equal(tokens[0])
    })

    it('signs as vp+jwt exactly the JSON it was given, enveloped credentials, nonce and audience included', async () => {
      const verifiableCredential = await agent.createVerifiableCredential({
        credential: credential(did),
        proofFormat: 'vc+jwt',
      })
      const given = deepFreeze({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: did,
        verifiableCredential: [verifiableCredential],
        aud: 'https://api.example',
        nonce: 'n-1',
        iat: 1767225600,
        exp: 1767225720,
      })
      const enveloped = await agent.createVerifiablePresentation({ presentation: given, proofFormat: 'vp+jwt' })
      const { header, payload, verified } = open(envelopedToken(enveloped), publicKeyHex)
      expect(enveloped).to.have.property('type', 'EnvelopedVerifiablePresentation')
      expect(header.typ).to.equal('vp+jwt')
      expect(payload).to.equal(JSON.stringify(given))
      expect(verified).to.equal(true)
    })

    it('names the verification method that the caller names', async () => {
      const { did: ethr } = await agent.didManagerCreate({ provider: 'did:ethr:0x7a69' })
      const key = await agent.keyManagerCreate({ kms: 'local', type: 'Ed25519' })
      await agent.didManagerAddKey({ did: ethr, key, options: { localOnly: true } })
      const token = await issue(credential(ethr), { verificationMethod: `${ethr}#delegate-1` })
      const { header, verified } = open(token, key.publicKeyHex)
      expect(header.kid).to.equal(`${ethr}#delegate-1`)
      expect(verified).to.equal(true)
      expect(await rejection(issue(credential(ethr)))).to.have.property('code', 'invalid_request')
    })

    it("refuses another DID's verification method", async () => {
      for (const verificationMethod of ['did:example:other#key-1', `${did}0#key-1`, 'key-1', did]) {
        const error = await rejection(issue(credential(did), { verificationMethod }))
        expect(error).to.have.property('code', 'key_not_authorized')
      }
    })

    it("refuses another DID's key, and a choice between two", async () => {
      const {
        keys: [foreign],
      } = await agent.didManagerCreate()
      const error = await rejection(issue(credential(did), { keyRef: foreign!.kid }))
      expect(error).to.have.property('code', 'key_not_found')

      const second = await agent.keyManagerCreate({ kms: 'local', type: 'Ed25519' })
      await agent.didManagerAddKey({ did, key: second, options: { localOnly: true } })
      expect(await rejection(issue(credential(did)))).to.have.property('code', 'key_not_found')
      expect(open(await issue(credential(did), { keyRef: second.kid }), second.publicKeyHex).verified).to.equal(true)
    })

    it('refuses an issuer that is not managed here', async () => {
      expect(await rejection(issue(credential('did:example:other'))))
        .to.have.property('message')
        .that.matches(/managed/)
    })

    it('is no verifier', async () => {
      const enveloped = await agent.createVerifiableCredential({ credential: credential(did), proofFormat: 'vc+jwt' })
      for (const document of [enveloped, envelopedToken(enveloped)]) {
        const verifying = agent.execute('verifyCredential', { credential: document })
        expect(await rejection(verifying))
          .to.have.property('message')
          .that.matches(/No verifier found/)
      }
    })

    async function issue(given: ReturnType<typeof credential>, options: object = {}): Promise<string> {
      const args = { credential: given as unknown as CredentialPayload, proofFormat: 'vc+jwt', ...options }
      return envelopedToken(await agent.createVerifiableCredential(args))
    }
  })

  describe('private keys', () => {
    // RFC 8032 §7.1, test 1; and any scalar.
    const canaries = {
      Ed25519: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      Secp256k1: 'c0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ffeec0ff',
    }

    if (keys.kind === 'SQLite')
      it('are found in no file of the database, in no form', async () => {
        for (const [type, privateKeyHex] of Object.entries(canaries)) {
          const { kid } = await agent.keyManagerImport({ kms: 'local', type, privateKeyHex })
          await agent.keyManagerSign({ keyRef: kid, data: 'x' })
        }
        await keys.database.transaction((tx) =>
          tx.query('CREATE TABLE control AS SELECT ? AS bytes', [forms('ab'.repeat(32))[0]!]),
        )

        expect(filesContain(forms('ab'.repeat(32)))).to.equal(true)
        for (const hex of Object.values(canaries)) expect(filesContain(forms(hex))).to.equal(false)
      })

    it('are not in what the agent answers', async () => {
      const answers = [
        await agent.keyManagerImport({ kms: 'local', type: 'Ed25519', privateKeyHex: canaries.Ed25519 }),
        await agent.keyManagerCreate({ kms: 'local', type: 'Secp256k1' }),
        await agent.didManagerImport({
          did: 'did:example:imported',
          provider: 'did:key',
          keys: [{ kms: 'local', type: 'Secp256k1', privateKeyHex: canaries.Secp256k1 }],
        }),
        await agent.didManagerFind(),
      ]
      expect(JSON.stringify(answers)).to.not.match(/private/i)
      for (const hex of Object.values(canaries)) expect(JSON.stringify(answers)).to.not.include(hex)
    })

    function filesContain(needles: Buffer[]): boolean {
      const files = readdirSync(keys.folder).map((name) => readFileSync(join(keys.folder, name)))
      return files.some((bytes) => needles.some((needle) => bytes.includes(needle)))
    }

    function forms(hex: string): Buffer[] {
      const bytes = Buffer.from(hex, 'hex')
      return [bytes, Buffer.from(hex), Buffer.from(bytes.toString('base64url')), Buffer.from(bytes.toString('base64'))]
    }
  })

  describe('DEBUG', () => {
    const start = (debug: string) => () =>
      createAgent({ database: keys.database, kms: new NodeKms(keys.database, keys.sealer), didResolver, debug })

    for (const debug of [
      'veramo:agent:*',
      '*',
      'express:*, veramo:*',
      'v*',
      'veramo:agent:keyManagerImport',
      '*:agent:*',
    ]) {
      it(`refuses to start with DEBUG=${debug}, which prints private keys`, () => {
        expect(start(debug))
          .to.throw(/private keys/)
          .with.property('code', 'unavailable')
      })
    }

    it('may be on for others', () => {
      expect(start('express:*,-veramo:*')).to.not.throw()
    })
  })
})

function open(token: string, publicKeyHex: string) {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const x = Buffer.from(publicKeyHex, 'hex').toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return {
    header: JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>,
    payload: Buffer.from(payload, 'base64url').toString(),
    verified: verify(null, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url')),
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const member of Object.values(value)) if (typeof member === 'object') deepFreeze(member)
  return Object.freeze(value)
}
