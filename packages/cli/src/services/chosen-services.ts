import { Option } from 'commander'
import type { ServiceName } from './find-services.ts'

const NAMES = ['issuer', 'wallet', 'verifier'] as const satisfies ServiceName[]

export type ServiceChoice = ServiceName | 'all'

/** Each service knows its own administrators alone. */
export function serviceOption(): Option {
  return new Option('--service <service>', 'which one').choices([...NAMES, 'all']).default('all')
}

export function chosenServices(choice: ServiceChoice): readonly ServiceName[] {
  return choice === 'all' ? NAMES : [choice]
}
