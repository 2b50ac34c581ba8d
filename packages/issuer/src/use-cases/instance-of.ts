import { DomainError } from '@consulate/core'
import type { Context } from '../context.ts'
import type { OpenInstance } from '../instance-ports.ts'

/** Throws `instance_unknown`. */
export function instanceOf({ instances }: Pick<Context, 'instances'>, name: string): OpenInstance {
  const instance = instances.get(name)
  if (instance) return instance
  throw new DomainError('instance_unknown', `There is no issuer instance ${name} here.`)
}
