import { DomainError } from '@consulate/core'
import type { SecuredPorts } from '@consulate/core/data-integrity'
import type { Context } from '../context.ts'
import type { VerifierInstance } from '../instances.ts'

/** What a caller may ask to be checked (VCALM §3.3). */
export type Check = 'proof' | 'credentialStatus'

export interface InstanceOf {
  instance: VerifierInstance
  ports: SecuredPorts
  /** What will be checked: all there is, unless the instance allows less. */
  checks: Check[]
}

/** How one instance verifies. Throws `instance_unknown`, and `invalid_request` when it shall check less than it may. */
export function instanceOf(
  { instances, secured }: Pick<Context, 'instances' | 'secured'>,
  name: string,
  asked: readonly Check[] = [],
): InstanceOf {
  const instance = Object.hasOwn(instances, name) ? instances[name] : undefined
  if (!instance) throw new DomainError('instance_unknown', `There is no verifier instance ${name} here.`)
  const proofOnly = asked.length > 0 && !asked.includes('credentialStatus')
  if (proofOnly && !instance.proofOnly)
    throw new DomainError(
      'invalid_request',
      `The instance ${name} does not verify proofs alone; leave options.checks out, or add credentialStatus.`,
    )
  const { trust } = instance
  const trusts = (issuer: string) => trust === 'anyone' || trust.includes(issuer)
  return { instance, ports: { ...secured, trusts }, checks: proofOnly ? ['proof'] : ['proof', 'credentialStatus'] }
}
