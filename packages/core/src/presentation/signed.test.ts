import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { buildRoleCredential, type RoleGrant } from '../credential/build-role-credential.ts'
import { encodeDidKey } from '../did/did-key.ts'
import type { DidKeys, ProofPurpose } from '../did/verification-method.ts'
import { bitstringDigest, headRoot } from '../head/head-root.ts'
import type { IssuerStatus } from '../status/check-status.ts'
import { emptyBitstring, withBit } from '../status-list/bitstring.ts'
import type { ChallengePorts, RememberedCredential, VerificationPorts } from './ports.ts'
import { buildPresentation, type Presentation, type PresentationRequest } from './presentation.ts'

/** 2026-01-01T00:00:00Z. */
export const NOW = 1_767_225_600
export const DOMAIN = 'https://api.example'
export const CHALLENGE = 'a-challenge-of-this-test'
export const ROLE = 'payments.approver'
const LISTS = {
  revocation: 'https://issuer.example/status-lists/r',
  suspension: 'https://issuer.example/status-lists/s',
}

export interface Signer {
  did: string
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
}

export function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const did = encodeDidKey(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))
  return { did, kid: `${did}#${did.slice('did:key:'.length)}`, privateKey, publicKey }
}

export function signToken(signer: Signer, typ: string, payload: object, header: object = {}): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const input = `${encode({ alg: 'EdDSA', typ, kid: signer.kid, ...header })}.${encode(payload)}`
  return `${input}.${sign(null, Buffer.from(input), signer.privateKey).toString('base64url')}`
}

export function keysOf(signer: Signer, purposes: ProofPurpose[] = ['assertionMethod', 'authentication']): DidKeys {
  const method = {
    id: signer.kid,
    algorithm: 'EdDSA' as const,
    publicKey: signer.publicKey,
    purposes: new Set(purposes),
  }
  return { did: signer.did, verificationMethods: new Map([[signer.kid, method]]) }
}

/** An issuer, a holder, and a verifier's world in memory that trusts the one and knows the other. */
export function newWorld() {
  const issuer = newSigner()
  const holder = newSigner()
  const used = new Set<string>()
  const memory = new Map<string, RememberedCredential>()
  const lists = new Map(
    Object.entries(LISTS).map(([purpose, url]) => [url, { purpose, bits: emptyBitstring() as Uint8Array }]),
  )
  const status: IssuerStatus = {
    head: {
      issuer: `0x${'11'.repeat(20)}`,
      epoch: 0,
      version: 7,
      prev: `0x${'00'.repeat(32)}`,
      root: headRoot([]),
      issuedAt: NOW,
      validUntil: NOW + 86_400,
    },
    lists,
    revoked: new Map(),
    killedBefore: { issuer: 0, agents: new Map() },
    distrust: undefined,
    ageMs: 10,
    anchorLagMs: 0,
    chainAgeMs: 5,
    anchored: true,
  }
  const ports: VerificationPorts & ChallengePorts = {
    now: () => NOW,
    trust: (did, role) => (did === issuer.did && role === ROLE ? { minSensitivity: 'low' } : undefined),
    issuerKeys: (did) => (did === issuer.did ? keysOfIssuer : undefined),
    holderKeys: (did) => (did === holder.did ? keysOf(holder) : keysOf(newSigner())),
    status: () => ({ headVersion: status.head.version, ageMs: 10, anchored: true, anchorLagMs: 0, chainAgeMs: 5 }),
    remembered: memory,
    checkChallenge() {},
    async consumeChallenge(challenge) {
      used.add(challenge)
    },
  }
  const keysOfIssuer = keysOf(issuer)
  return {
    issuer,
    holder,
    ports,
    status,
    used,
    memory,
    digestOf: (url: string) => bitstringDigest(lists.get(url)!.bits),
    set(purpose: keyof typeof LISTS, index: number) {
      const list = lists.get(LISTS[purpose])!
      list.bits = withBit(list.bits, index, true)
    },
    credential(grant: Partial<RoleGrant> = {}, change: object = {}, header: object = {}): string {
      const credential = buildRoleCredential({
        id: 'urn:uuid:00000000-0000-4000-8000-000000000001',
        issuer: issuer.did,
        agent: holder.did,
        role: ROLE,
        sensitivity: 'high',
        operator: 'ops@example.com',
        validFrom: NOW,
        validUntil: NOW + 3600,
        status: {
          revocation: { list: LISTS.revocation, index: 5 },
          suspension: { list: LISTS.suspension, index: 6 },
        },
        ...grant,
      })
      return signToken(issuer, 'vc+jwt', { ...credential, ...change }, header)
    },
    presentation(
      request: Partial<PresentationRequest> & { signer?: Signer } = {},
      change: Partial<Record<keyof Presentation | string, unknown>> = {},
      header: object = {},
    ): string {
      const { signer = holder, ...rest } = request
      const payload = buildPresentation({
        holder: holder.did,
        credentials: rest.credentials ?? [this.credential()],
        domain: DOMAIN,
        challenge: CHALLENGE,
        now: NOW,
        ...rest,
      })
      return signToken(signer, 'vp+jwt', { ...payload, ...change }, header)
    },
  }
}
