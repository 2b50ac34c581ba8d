import { createHmac, createSecretKey, randomUUID, timingSafeEqual } from 'node:crypto'
import { CLOCK_SKEW, DomainError } from '@consulate/core'
import type { Challenges, Clock, UsedChallenges } from '../ports.ts'

/** Seconds in which a challenge must be answered. */
const LIFETIME = 120

const ID_BYTES = 16
const EXPIRY_BYTES = 6
const MAC_BYTES = 16

/**
 * Challenges that carry their own proof: expiry (seconds, big-endian) ‖ random id (16 bytes, a version 4 UUID) ‖ HMAC-SHA-256
 * (first 16 bytes) over both, the resource server and the domain. Nothing is stored when one is made. Expiry and id together
 * are what is remembered of one that was used, so that those of one time stand on few pages of a table.
 */
export function createMacChallenges(secret: Uint8Array, used: UsedChallenges, clock: Clock): Challenges {
  const key = createSecretKey(secret)
  const macOf = (body: Buffer, resourceServer: string, domain: string) =>
    createHmac('sha256', key)
      .update(body)
      .update(JSON.stringify([resourceServer, domain]))
      .digest()
      .subarray(0, MAC_BYTES)

  return {
    create(resourceServer, domain) {
      const expiresAt = clock.now() + LIFETIME
      const body = Buffer.concat([Buffer.alloc(EXPIRY_BYTES), newId()])
      body.writeUIntBE(expiresAt, 0, EXPIRY_BYTES)
      const challenge = Buffer.concat([body, macOf(body, resourceServer, domain)]).toString('base64url')
      return { challenge, expiresAt }
    },
    portsFor: (resourceServer) => ({
      checkChallenge(challenge, domain) {
        const { body, mac, expiresAt } = parse(challenge)
        if (!timingSafeEqual(mac, macOf(body, resourceServer, domain))) throw unknownChallenge()
        if (expiresAt <= clock.now())
          throw new DomainError('challenge_expired', `A challenge lives for ${LIFETIME} seconds; ask for a new one.`)
      },
      async consumeChallenge(challenge) {
        const { id, expiresAt } = parse(challenge)
        if (!(await used.use(id, expiresAt + CLOCK_SKEW))) throw usedChallenge()
      },
    }),
  }
}

/** A version 4 UUID, as bytes: Node keeps a store of them, where `randomBytes` asks OpenSSL each time. */
function newId(): Buffer {
  return Buffer.from(randomUUID().replaceAll('-', ''), 'hex')
}

function parse(challenge: string) {
  const bytes = Buffer.from(challenge, 'base64url')
  const exact = bytes.length === ID_BYTES + EXPIRY_BYTES + MAC_BYTES && bytes.toString('base64url') === challenge
  if (!exact) throw unknownChallenge()
  const body = bytes.subarray(0, ID_BYTES + EXPIRY_BYTES)
  return {
    body,
    mac: bytes.subarray(body.length),
    id: body.toString('base64url'),
    expiresAt: body.readUIntBE(0, EXPIRY_BYTES),
  }
}

function usedChallenge(): DomainError {
  return new DomainError('challenge_used', 'The challenge was used already; ask for a new one for every request.')
}

function unknownChallenge(): DomainError {
  return new DomainError(
    'challenge_unknown',
    'This challenge was not given out here for this resource server and domain; ask for one: POST /challenges.',
  )
}
