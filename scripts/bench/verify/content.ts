import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import {
  buildPresentation,
  buildRoleCredential,
  LIST_BITS,
  type PresentationDemand,
  type RoleCredential,
} from '@consulate/core'
import type { Party } from './party.ts'

export const LISTS = {
  revocation: 'https://issuer.example/status/lists/r1',
  suspension: 'https://issuer.example/status/lists/s1',
}

const CREDENTIALS_V1 = 'https://www.w3.org/2018/credentials/v1'
const DAY = 86_400

/** A presentation of one credential, as it reaches a verifier. */
export interface Presented {
  credential: string
  presentation: string
  demand: PresentationDemand
}

/** A role credential that nobody has seen before. */
export function createRole(issuer: Party, holder: Party): RoleCredential {
  const validFrom = secondsNow()
  return buildRoleCredential({
    id: `urn:uuid:${randomUUID()}`,
    issuer: issuer.did,
    agent: holder.did,
    role: 'inventory.planner',
    sensitivity: 'high',
    operator: 'ops@retailer.example',
    constraints: { warehouses: ['north', 'south'], maxOrder: 5000 },
    validFrom,
    validUntil: validFrom + 30 * DAY,
    status: {
      revocation: { list: LISTS.revocation, index: randomInt(LIST_BITS) },
      suspension: { list: LISTS.suspension, index: randomInt(LIST_BITS) },
    },
  })
}

/** Presents a signed `vc+jwt` (VC Data Model 2.0), for a fresh challenge unless one is given. */
export function present(credential: string, holder: Party, demand = createDemand()): Presented {
  const payload = buildPresentation({ holder: holder.did, credentials: [credential], ...demand, now: secondsNow() })
  return { credential, presentation: holder.signJws('vp+jwt', payload), demand }
}

/** The same claims and the same demand as JWTs of the VC Data Model 1.1, the only one that stock Veramo reads. */
export function presentAsV1(role: RoleCredential, issuer: Party, holder: Party): Presented {
  const { id: sub, ...claims } = role.credentialSubject
  const { type, credentialStatus } = role
  const credential = issuer.signJws('JWT', {
    vc: { '@context': [CREDENTIALS_V1], type, credentialSubject: claims, credentialStatus },
    iss: issuer.did,
    sub,
    jti: role.id,
    nbf: role.iat,
    exp: role.iat + 30 * DAY,
  })
  const demand = createDemand()
  const presentation = holder.signJws('JWT', {
    vp: { '@context': [CREDENTIALS_V1], type: ['VerifiablePresentation'], verifiableCredential: [credential] },
    iss: holder.did,
    aud: demand.domain,
    nonce: demand.challenge,
    nbf: role.iat,
    exp: role.iat + 120,
  })
  return { credential, presentation, demand }
}

export function secondsNow(): number {
  return Math.floor(Date.now() / 1000)
}

function createDemand(): PresentationDemand {
  return { domain: 'https://api.example', challenge: randomBytes(38).toString('base64url') }
}
