import { sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buildStatusListCredential, didKeyDocument, emptyBitstring, encodeBitstring, withBit } from '@consulate/core'
import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import { cryptosuite } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import { type DocumentLoader, defaultDocumentLoader, issue, verifyCredential } from '@digitalbazaar/vc'
import { checkStatus, createCredential, createList, decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { expect } from 'chai'
import { newSigner } from '../system/forge.ts'
import { send, verificationRefusalOf } from '../system/http.ts'
import { secureCredential, V2 } from '../system/secure.ts'
import { type System, startSystem } from '../system/start-system.ts'

const SUSPENDED = 4_711
const REVOKED = 94_567
const CLEAR = 42

describe('with the libraries of Digital Bazaar', () => {
  const issuer = newSigner()
  const served = new Map<string, object>()
  const host = createServer((request, response) => {
    const document = served.get(request.url!)
    response.writeHead(document ? 200 : 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(document))
  })
  let origin: string
  let system: System

  before(async () => {
    await once(host.listen(0, '127.0.0.1'), 'listening')
    const authority = `127.0.0.1:${(host.address() as AddressInfo).port}`
    origin = `http://${authority}`
    system = await startSystem({ settings: { CONSULATE_OUTGOING_ALLOW: authority } })
  })

  after(async () => {
    host.close()
    await system?.stop()
  })

  /** Knows did:key, and the lists served here; other contexts than those of credentials are not needed. */
  const documentLoader: DocumentLoader = async (url) => {
    const loaded = (document: object) => ({ contextUrl: null, documentUrl: url, document })
    if (url.startsWith(`${origin}/`)) return loaded(served.get(new URL(url).pathname)!)
    if (!url.startsWith('did:key:')) return defaultDocumentLoader(url)
    const document = didKeyDocument(url.split('#')[0]!)
    const method = { '@context': 'https://w3id.org/security/multikey/v1', ...document.verificationMethod[0] }
    return loaded(url.includes('#') ? method : document)
  }

  const signer = {
    id: issuer.kid,
    algorithm: 'Ed25519',
    sign: async ({ data }: { data: Uint8Array }) => sign(null, data, issuer.privateKey),
  }

  const credential = (index: number, list: string, statusPurpose: string) => ({
    '@context': [V2],
    type: ['VerifiableCredential'],
    issuer: issuer.did,
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { id: newSigner().did },
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose,
      statusListIndex: String(index),
      statusListCredential: `${origin}/${list}`,
    },
  })

  describe('a credential and a status list of ours', () => {
    before(async () => {
      const now = Math.floor(Date.now() / 1000)
      const list = buildStatusListCredential({
        url: `${origin}/ours`,
        issuer: issuer.did,
        purpose: 'suspension',
        encodedList: encodeBitstring(withBit(emptyBitstring(), SUSPENDED, true)),
        validFrom: now - 60,
        validUntil: now + 3_600,
        ttlMs: 300_000,
      })
      served.set('/ours', await secureCredential(issuer, 'eddsa-rdfc-2022', list))
    })

    const verifyByThem = async (secured: object) =>
      verifyCredential({
        credential: secured,
        suite: new DataIntegrityProof({ cryptosuite }),
        documentLoader,
        checkStatus,
      })

    it('are accepted, and say the same there: clear or suspended', async () => {
      for (const [index, suspended] of [
        [CLEAR, false],
        [SUSPENDED, true],
        [SUSPENDED - 1, false],
        [SUSPENDED + 1, false],
      ] as const) {
        const secured = await secureCredential(issuer, 'eddsa-rdfc-2022', credential(index, 'ours', 'suspension'))
        const { verified, error, statusResult } = await verifyByThem(secured)
        expect(error).to.equal(undefined)
        expect(verified).to.equal(true)
        expect(statusResult!.results.map(({ status }) => status)).to.deep.equal([suspended])
      }
    })

    it('are refused when they were altered', async () => {
      const secured = await secureCredential(issuer, 'eddsa-rdfc-2022', credential(CLEAR, 'ours', 'suspension'))
      expect((await verifyByThem({ ...secured, validFrom: '2026-01-02T00:00:00Z' })).verified).to.equal(false)
    })

    it('that a running issuer serves have the bits they read', async () => {
      const { entries } = await system.clients.issuer.statusHead()
      const { text } = await send(entries[0]!.name, { headers: { Accept: 'application/vc+jwt' } })
      const { credentialSubject } = JSON.parse(Buffer.from(text.split('.')[1]!, 'base64url').toString())
      const list = await decodeList(credentialSubject)
      expect([0, 1, 131_071].map((index) => list.getStatus(index))).to.deep.equal([false, false, false])
    })
  })

  describe('a credential and a status list of theirs', () => {
    const issueByThem = (unsecured: object) =>
      issue({ credential: unsecured, suite: new DataIntegrityProof({ signer, cryptosuite }), documentLoader })

    before(async () => {
      const list = await createList({ length: 131_072 })
      list.setStatus(REVOKED, true)
      const made = await createCredential({ id: `${origin}/theirs`, list, statusPurpose: 'revocation' })
      served.set('/theirs', await issueByThem({ ...made, issuer: issuer.did }))
    })

    const verifyByUs = async (verifiableCredential: object): Promise<string> => {
      const url = `${system.verifier.url}/instances/open/credentials/verify`
      const answer = await send(url, { method: 'POST', token: system.verifierToken, body: { verifiableCredential } })
      return answer.status === 200 ? 'verified' : verificationRefusalOf(answer)
    }

    it('are accepted, and say the same here: clear or revoked', async () => {
      for (const [index, outcome] of [
        [CLEAR, 'verified'],
        [REVOKED, '400 credential_revoked'],
        [REVOKED - 1, 'verified'],
        [REVOKED + 1, 'verified'],
      ] as const)
        expect(await verifyByUs(await issueByThem(credential(index, 'theirs', 'revocation')))).to.equal(outcome)
    })

    it('are refused when they were altered, and with a purpose that the list has not', async () => {
      const secured = await issueByThem(credential(CLEAR, 'theirs', 'revocation'))
      expect(await verifyByUs({ ...secured, validFrom: '2026-01-02T00:00:00Z' })).to.equal('400 signature_invalid')
      const other = await issueByThem(credential(CLEAR, 'theirs', 'suspension'))
      expect(await verifyByUs(other)).to.equal('400 status_list_mismatch')
    })
  })
})
