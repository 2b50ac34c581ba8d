import { domainSchema, MAX_PRESENTATION_BYTES } from '@consulate/core'
import { z } from 'zod'
import { verifyAnyCredential } from '../use-cases/verify-any-credential.ts'
import { verifyAnyPresentation } from '../use-cases/verify-any-presentation.ts'
import { route } from './route.ts'

const params = z.strictObject({ instance: z.string().min(1).max(63) })

const secured = (forms: string) =>
  z.union([z.string().max(MAX_PRESENTATION_BYTES), z.record(z.string(), z.json())]).meta({ description: forms })

const checksSchema = z.array(z.enum(['proof', 'credentialStatus'])).max(2)

const options = z.strictObject({
  checks: checksSchema.optional().meta({ description: 'proof alone only where the instance allows it' }),
  returnProblemDetails: z.boolean().optional(),
})

const verified = z.strictObject({
  verified: z.literal(true),
  checks: checksSchema.meta({ description: 'what was checked' }),
})

export const verifyAnyCredentialRoute = route({
  summary: 'Verifies any credential by the rules of VCDM 2.0, for those whom the instance trusts.',
  method: 'post',
  path: '/instances/:instance/credentials/verify',
  access: 'resourceServer',
  refusals: 'verification',
  params,
  body: z.strictObject({
    verifiableCredential: secured('JSON with proofs, EnvelopedVerifiableCredential, or compact vc+jwt'),
    options: options.extend({ returnCredential: z.boolean().optional() }).optional(),
  }),
  answers: { 200: verified.extend({ credential: z.unknown().optional() }) },
  async handle(ctx, { params: { instance }, body: { verifiableCredential, options = {} } }) {
    const checks = await verifyAnyCredential(ctx, instance, verifiableCredential, options.checks)
    const credential = options.returnCredential ? { credential: verifiableCredential } : {}
    return { status: 200, body: { verified: true, checks, ...credential } }
  },
})

export const verifyAnyPresentationRoute = route({
  summary: 'Verifies any presentation and what is in it by the rules of VCDM 2.0, for those whom the instance trusts.',
  method: 'post',
  path: '/instances/:instance/presentations/verify',
  access: 'resourceServer',
  refusals: 'verification',
  params,
  body: z.strictObject({
    verifiablePresentation: secured('JSON with proofs, EnvelopedVerifiablePresentation, or compact vp+jwt'),
    options: options
      .extend({
        challenge: z.string().min(1).max(256).optional(),
        domain: domainSchema.optional(),
        returnPresentation: z.boolean().optional(),
      })
      .optional(),
  }),
  answers: { 200: verified.extend({ holder: z.string(), presentation: z.unknown().optional() }) },
  async handle(ctx, { params: { instance }, body: { verifiablePresentation, options = {} }, principal }) {
    const decided = await verifyAnyPresentation(ctx, principal, instance, verifiablePresentation, options)
    const presentation = options.returnPresentation ? { presentation: verifiablePresentation } : {}
    return { status: 200, body: { verified: true, ...decided, ...presentation } }
  },
})
