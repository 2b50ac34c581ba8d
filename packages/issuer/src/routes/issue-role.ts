import { constraintsSchema, operatorSchema, roleNameSchema } from '@consulate/core'
import { z } from 'zod'
import { issueRole } from '../use-cases/issue-role.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const issueRoleRoute = route({
  method: 'post',
  path: '/agents/:did/roles',
  access: 'admin',
  scope: 'issue',
  params: agentParams,
  body: z.strictObject({
    role: roleNameSchema,
    operator: operatorSchema,
    validForSeconds: z.int().min(1).optional(),
    constraints: constraintsSchema.optional(),
    claims: constraintsSchema.optional(),
  }),
  async handle(ctx, { params, body, principal }) {
    const { credential, verifiableCredential } = await issueRole(ctx, {
      agent: params.did,
      ...body,
      by: principal.actor,
    })
    const { id, validFrom, validUntil, credentialStatus } = credential
    const { role } = credential.credentialSubject
    return {
      status: 201,
      body: { id, agent: params.did, role, verifiableCredential, validFrom, validUntil, credentialStatus },
    }
  },
})
