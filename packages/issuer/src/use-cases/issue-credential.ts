import { DomainError, MAX_CREDENTIAL_BYTES, statusEntry } from '@consulate/core'
import { type AnyCredential, checkTerms, issuerOf, readCredentialShape } from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'
import type { OpenInstance } from '../instance-ports.ts'
import type { InstanceCredential } from '../instance-records.ts'
import { DEFAULT_INSTANCE } from '../instances.ts'
import { checkApart } from './check-apart.ts'
import { takeInstanceIndex } from './instance-lists.ts'
import { instanceOf } from './instance-of.ts'

type IssueContext = Pick<Context, 'instances' | 'instanceStore' | 'store' | 'secrets' | 'config' | 'clock' | 'random'>

export interface CredentialRequest {
  /** The issuer itself, unless one is named. */
  instance?: string | undefined
  credential: object
  /** By which the credential can be asked for, when it has no id of its own. */
  credentialId?: string | undefined
  by: string
}

/**
 * Issues any credential of the VC Data Model 2.0, committed before it is signed. Throws `instance_unknown`,
 * `credential_malformed`, `context_unknown`, `terms_undefined`, `issuer_mismatch`, `invalid_request` when it is too long, or
 * would pass for what the issuer makes in another way.
 */
export async function issueCredential(ctx: IssueContext, request: CredentialRequest): Promise<Record<string, unknown>> {
  const instance = instanceOf(ctx, request.instance ?? DEFAULT_INSTANCE)
  const credential = readCredentialShape(request.credential)
  checkIssuer(instance, credential)
  checkProof(request.credential)
  checkMembers(instance, credential)
  const types = await checkTerms(request.credential)
  checkLength(request.credential)
  const credentialId = request.credentialId ?? credential.id
  if (instance.name === DEFAULT_INSTANCE) await checkApart(ctx, [...[credential.type].flat(), ...types], credentialId)
  const id = await ctx.instanceStore.once(async (tx) => {
    const row: InstanceCredential = {
      id: ctx.random.uuid(),
      instance: instance.name,
      credentialId: credentialId ?? null,
      payload: '',
      issuedAt: ctx.clock.now(),
      issuedBy: request.by,
      revocationList: null,
      revocationIndex: null,
      suspensionList: null,
      suspensionIndex: null,
      revoked: false,
      suspended: false,
      changedBy: null,
    }
    const entries = [credential.credentialStatus ?? []].flat()
    for (const purpose of instance.status) {
      const { list, index } = await takeInstanceIndex(ctx, tx, instance.name, purpose)
      row[`${purpose}List`] = list.id
      row[`${purpose}Index`] = index
      entries.push(statusEntry(purpose, { list: list.url, index }))
    }
    const status = entries.length > 0 ? { credentialStatus: entries.length === 1 ? entries[0]! : entries } : {}
    await tx.addCredential({ ...row, payload: JSON.stringify({ ...request.credential, ...status }) })
    return row.id
  })
  return secureIssued(instance, (await ctx.instanceStore.findIssued(id))!)
}

/** The credential as it was issued, secured again: the same bytes. */
export function secureIssued(
  instance: OpenInstance,
  { payload, issuedAt }: Pick<InstanceCredential, 'payload' | 'issuedAt'>,
): Promise<Record<string, unknown>> {
  return instance.secure(JSON.parse(payload), issuedAt)
}

function checkIssuer({ name, issuer, foreignIssuers }: OpenInstance, credential: AnyCredential): void {
  if (foreignIssuers || issuerOf(credential) === issuer) return
  throw new DomainError('issuer_mismatch', `The instance ${name} issues as ${issuer}; name that as the issuer.`)
}

/** What makes up the JWT around a credential, and is no part of it (RFC 7519 §4.1, VC-JOSE-COSE §3.1.3). */
const CLAIMS = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'nonce', 'cnf', 'vc', 'vp']

function checkMembers({ securing }: OpenInstance, credential: AnyCredential): void {
  const claim = securing === 'vc+jwt' && CLAIMS.find((name) => Object.hasOwn(credential, name))
  if (claim)
    throw new DomainError(
      'credential_malformed',
      `Around the credential, its member ${claim} would be read as a claim of the JWT; leave it out.`,
    )
}

/** Proofs of others stay in the credential beside ours; each says what it is. */
function checkProof({ proof }: { proof?: unknown }): void {
  if (proof === undefined) return
  const typed = [proof].flat().every((one) => typeof (one as { type?: unknown } | null)?.type === 'string')
  if (!typed) throw new DomainError('proof_malformed', 'A proof in the credential has no type; leave it out.')
}

function checkLength(credential: object): void {
  const bytes = Buffer.byteLength(JSON.stringify(credential))
  if (bytes > MAX_CREDENTIAL_BYTES)
    throw new DomainError('invalid_request', `A credential has at most ${MAX_CREDENTIAL_BYTES} bytes, not ${bytes}.`)
}
