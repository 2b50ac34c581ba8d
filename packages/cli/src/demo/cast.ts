import { randomBytes } from 'node:crypto'
import type { Services } from '../services/find-services.ts'
import { forEach } from './for-each.ts'

export const DOMAIN = 'https://stock.retailer.example'

const ROLES = ['demo.inventory.manager', 'demo.pricing.manager'] as const
const QUARTER_HOUR = 900

/** One agent of the retailer, with its one role. */
export interface DemoAgent {
  did: string
  role: string
  credential: { id: string; verifiableCredential: string }
  wallet: ReturnType<Services['walletOf']>
}

/** Makes the retailer's agents: half of them keep the inventory, half the prices. Their names differ from run to run. */
export async function createCast(
  services: Services,
  count: number,
  onDone: (count: number) => void,
): Promise<DemoAgent[]> {
  const issuer = services.issuer()
  const wallets = services.wallet()
  for (const role of ROLES)
    await issuer.putRole(role, { description: role, maxValiditySeconds: QUARTER_HOUR, sensitivity: 'high' })
  const run = `demo-${randomBytes(4).toString('hex')}`
  const create = async (number: number): Promise<DemoAgent> => {
    const role = ROLES[number % ROLES.length]!
    const agent = await wallets.createAgent(`${run}-${number}`)
    const credential = await issuer.issueRole(agent.did, { role, operator: 'retail-ops@example.com' })
    const wallet = services.walletOf(agent)
    await wallet.store(credential.verifiableCredential)
    return { did: agent.did, role, credential, wallet }
  }
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  return forEach(numbers, create, onDone)
}
