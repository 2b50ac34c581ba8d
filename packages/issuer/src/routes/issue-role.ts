import { constraintsSchema, operatorSchema, roleNameSchema } from '@consulate/core'
import { z } from 'zod'
import { issueRole } from '../use-cases/issue-role.ts'
import { route } from './route.ts'
import { agentParams } from './schemas.ts'

export const issueRoleRoute = route({
  summary: 'Grants a role: a new credential, committed before it is signed.',
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
  answers: {
    201: z.strictObject({
      id: z.string(),
      agent: z.string(),
      role: z.string(),
      verifiableCredential: z.string().meta({ description: 'compact vc+jwt' }),
      validFrom: z.string(),
      validUntil: z.string(),
      credentialStatus: z.array(
        z.strictObject({
          id: z.string(),
          type: z.string(),
          statusPurpose: z.string(),
          statusListIndex: z.string(),
          statusListCredential: z.string(),
        }),
      ),
    }),
  },
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
