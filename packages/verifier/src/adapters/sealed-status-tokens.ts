import type { Sealer } from '@consulate/server'
import type { StatusTokens } from '../ports.ts'

const VERSION = 1

/** A token opens for the issuer and at the address that it was given for, and nowhere else. */
export function createStatusTokens(sealer: Sealer): StatusTokens {
  return {
    seal: (trust, token) => sealer.seal(contextOf(trust), Buffer.from(token)),
    open: (trust, sealed) => sealer.open(contextOf(trust), sealed).toString(),
  }
}

function contextOf({ did, statusUrl }: { did: string; statusUrl: string }) {
  return { kind: 'status-token', owner: new URL(statusUrl).origin, id: did, version: VERSION }
}
