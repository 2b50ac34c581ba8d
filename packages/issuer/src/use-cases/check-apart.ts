import { DomainError, ROLE_CREDENTIAL_TYPE } from '@consulate/core'
import type { Context } from '../context.ts'

/** What verifiers trust the issuer for beyond its word: roles, by who holds them, and lists, by their heads. */
const MADE_OTHERWISE = new Map([
  ['AgentRoleCredential', 'POST /agents/:did/roles grants a role'],
  [ROLE_CREDENTIAL_TYPE, 'POST /agents/:did/roles grants a role'],
  ['BitstringStatusListCredential', 'the issuer makes its status lists itself'],
  [
    'https://www.w3.org/ns/credentials/status#BitstringStatusListCredential',
    'the issuer makes its status lists itself',
  ],
])

/**
 * Decides that nothing which the issuer signs as itself, with the key that grants roles, passes for a role, or for one of its
 * status lists: by its types, as they are called and what they mean, or by its id. Throws `invalid_request`.
 */
export async function checkApart(
  { store }: Pick<Context, 'store'>,
  types: string[],
  credentialId: string | undefined,
): Promise<void> {
  const type = types.find((candidate) => MADE_OTHERWISE.has(candidate))
  if (type !== undefined)
    throw new DomainError('invalid_request', `Nothing of the type ${type} is issued here: ${MADE_OTHERWISE.get(type)}.`)
  if (credentialId !== undefined && (await store.findCredential(credentialId)))
    throw new DomainError('invalid_request', `${credentialId} is the id of a role; choose another one.`)
}
