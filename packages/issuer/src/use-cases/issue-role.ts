import { buildRoleCredential, DomainError, type RoleCredential, type StatusPurpose } from '@consulate/core'
import type { Context } from '../context.ts'
import type { Transaction } from '../ports.ts'
import type { IssuedCredential, Role } from '../records.ts'
import { checkClaims } from './check-claims.ts'
import { checkReadable } from './check-readable.ts'
import { type TakenIndex, takeIndices } from './take-indices.ts'

export interface RoleGrantRequest {
  agent: string
  role: string
  operator: string
  validForSeconds?: number | undefined
  constraints?: RoleCredential['credentialSubject']['constraints'] | undefined
  claims?: RoleCredential['credentialSubject']['claims'] | undefined
  by: string
}

export interface GrantedRole {
  credential: RoleCredential
  /** Compact `vc+jwt`. */
  verifiableCredential: string
}

type IssueContext = Parameters<typeof takeIndices>[0] & Pick<Context, 'metrics'>

/**
 * Grants a role: the credential is committed with its status indices first, and what was committed is then signed.
 * Throws `role_unknown`, `validity_too_long`, `claims_invalid`, `agent_just_killed`, or `invalid_request` for what no
 * verifier would read.
 */
export async function issueRole(ctx: IssueContext, request: RoleGrantRequest): Promise<GrantedRole> {
  const { value: credential, replayed } = await ctx.store.once(
    (tx, grant) => record(ctx, tx, request, grant),
    () => prepare(ctx, request),
  )
  const verifiableCredential = await ctx.identity.signCredential(credential)
  if (!replayed) ctx.metrics.issued()
  return { credential, verifiableCredential }
}

interface Grant {
  role: Role
  lifetime: number
  places: Record<StatusPurpose, TakenIndex>
}

async function prepare(ctx: IssueContext, request: RoleGrantRequest): Promise<Grant> {
  const role = await ctx.store.findRole(request.role)
  if (!role)
    throw new DomainError(
      'role_unknown',
      `There is no role ${request.role}; define it first: PUT /roles/${request.role}.`,
    )
  const lifetime = checkLifetime(role, request.validForSeconds)
  checkClaims(role, request.claims)
  return { role, lifetime, places: await takeIndices(ctx) }
}

function checkLifetime({ role, maxValiditySeconds }: Role, asked = maxValiditySeconds): number {
  if (asked > maxValiditySeconds)
    throw new DomainError(
      'validity_too_long',
      `The role ${role} may be granted for at most ${maxValiditySeconds} seconds, not for ${asked}.`,
    )
  return asked
}

async function record(
  ctx: IssueContext,
  tx: Transaction,
  request: RoleGrantRequest,
  { role: { role, sensitivity }, lifetime, places: { revocation, suspension } }: Grant,
): Promise<RoleCredential> {
  const now = ctx.clock.now()
  const agent = await tx.lockAgent(request.agent, now)
  if (agent.killedAt !== null && agent.killedAt >= now) throw justKilled(agent.did, agent.killedAt + 1 - now)
  const credential = buildRoleCredential({
    id: `urn:uuid:${ctx.random.uuid()}`,
    issuer: ctx.identity.did,
    agent: agent.did,
    role,
    sensitivity,
    operator: request.operator,
    ...(request.constraints && { constraints: request.constraints }),
    ...(request.claims && { claims: request.claims }),
    validFrom: now,
    validUntil: now + lifetime,
    status: { revocation: revocation.position, suspension: suspension.position },
  })
  const payload = JSON.stringify(credential)
  checkReadable(ctx, credential, payload)
  const issued: IssuedCredential = {
    id: credential.id,
    agent: agent.did,
    role,
    operator: request.operator,
    validFrom: now,
    validUntil: now + lifetime,
    payload,
    kid: ctx.identity.kid,
    revocationList: revocation.list,
    revocationIndex: revocation.position.index,
    suspensionList: suspension.list,
    suspensionIndex: suspension.position.index,
    issuedBy: request.by,
    revokedAt: null,
    reason: null,
    suspended: false,
    changedBy: null,
    changedEpoch: null,
    changedVersion: null,
  }
  await tx.addCredential(issued)
  return credential
}

/** What begins at the cut-off is dead, and what begins later is not valid yet. */
function justKilled(agent: string, seconds: number): DomainError {
  return new DomainError(
    'agent_just_killed',
    `${agent} was just killed, and a credential that outlives that begins later: try again in ${seconds} s.`,
  )
}
