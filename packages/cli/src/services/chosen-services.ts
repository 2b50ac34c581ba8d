import { Option } from 'commander'
import { SERVICES, type ServiceName } from './service-names.ts'

export type ServiceChoice = ServiceName | 'all'

/** Each service knows its own administrators alone. */
export function serviceOption(): Option {
  return new Option('--service <service>', 'which one').choices([...SERVICES, 'all']).default('all')
}

export function chosenServices(choice: ServiceChoice): readonly ServiceName[] {
  return choice === 'all' ? SERVICES : [choice]
}
