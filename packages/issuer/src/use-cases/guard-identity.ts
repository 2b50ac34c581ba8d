import type { IssuerIdentity, Standing } from '../ports.ts'

/** Signs nothing, kills and openings of epochs excepted, as long as the database is behind the chain. */
export function guardIdentity(identity: Omit<IssuerIdentity, 'assertMaySign'>, standing: Standing): IssuerIdentity {
  const assertMaySign = () => {
    if (standing.behind) throw standing.behind
  }
  return {
    ...identity,
    assertMaySign,
    async signCredential(credential) {
      assertMaySign()
      return identity.signCredential(credential)
    },
    async signStatement(typ, claims) {
      assertMaySign()
      return identity.signStatement(typ, claims)
    },
    async signHead(head) {
      assertMaySign()
      return identity.signHead(head)
    },
  }
}
