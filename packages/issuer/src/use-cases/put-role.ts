import type { Context } from '../context.ts'
import type { Role } from '../records.ts'
import { compileClaimsSchema } from './check-claims.ts'

/** Defines a role or changes it for credentials still to come. True when it is new. */
export async function putRole({ store }: Pick<Context, 'store'>, role: Role): Promise<boolean> {
  if (role.claimsSchema) compileClaimsSchema(role.claimsSchema)
  return (await store.once((tx) => tx.putRole(role))).value
}
