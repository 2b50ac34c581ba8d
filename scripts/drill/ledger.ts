import { openRoleCredential } from '@consulate/core'
import type { IssuedRole } from '@consulate/sdk'

/** What an issuer has acknowledged: whatever happens to it afterwards, this must hold. */
export interface Ledger {
  /** Tokens by credential id. */
  issued: Map<string, string>
  revoked: Set<string>
  acknowledgements: number
  /** Ids or status indices that were given out twice. */
  duplicates: string[]
  recordIssued(issued: IssuedRole): void
  recordRevoked(ids: readonly string[]): void
}

export function createLedger(): Ledger {
  const issued = new Map<string, string>()
  const revoked = new Set<string>()
  const indices = new Set<string>()
  const duplicates: string[] = []
  return {
    issued,
    revoked,
    duplicates,
    acknowledgements: 0,
    recordIssued({ id, verifiableCredential }) {
      this.acknowledgements += 1
      const known = issued.get(id)
      // A repeated request is answered with the credential it was answered with before.
      if (known === verifiableCredential) return
      if (known !== undefined) duplicates.push(id)
      issued.set(id, verifiableCredential)
      const { credential } = openRoleCredential(verifiableCredential)
      for (const { statusListCredential, statusListIndex } of credential.credentialStatus) {
        const place = `${statusListCredential}#${statusListIndex}`
        if (indices.has(place)) duplicates.push(place)
        indices.add(place)
      }
    },
    recordRevoked(ids) {
      this.acknowledgements += 1
      for (const id of ids) revoked.add(id)
    },
  }
}
