import { envToConfig, type RunningIssuer, startIssuer } from '@consulate/issuer'
import { issuerClient } from '@consulate/sdk'
import { expect } from 'chai'
import { decodeJwt } from 'jose'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'

describe('two issuers on one PostgreSQL', () => {
  let system: System
  let second: RunningIssuer

  before(async () => {
    system = await startSystem({ database: 'PostgreSQL' })
    const publicUrl = { CONSULATE_ISSUER_PUBLIC_URL: system.issuer.url }
    second = await startIssuer(envToConfig({ ...system.env, ...publicUrl }))
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  })

  after(async () => {
    await second?.stop()
    await system?.stop()
  })

  it('serve what either of them has signed: at once where it was signed, within a moment elsewhere', async () => {
    const clients = [system.issuer, second].map(({ url }) => issuerClient({ url, token: ADMIN_TOKEN }))
    for (const [here, there] of [clients, clients.toReversed()]) {
      const agent = await system.agentWith(`agent ${Math.random()}`, ROLE)
      const list = statusList(agent.credential.verifiableCredential)
      await Promise.all(clients.map((client) => client.statusHead()))
      const { head } = await here!.revokeRole(agent.did, ROLE)
      expect((await here!.statusHead()).head.version).to.equal(head.version)
      await until(async () => (await there!.statusHead()).head.version === head.version, 2_000)
      const lists = await Promise.all([system.issuer, second].map(({ url }) => tokenOf(url, list)))
      expect(lists[0]).to.equal(lists[1])
    }
  })

  async function tokenOf(url: string, list: string): Promise<string> {
    const response = await fetch(`${url}/status-lists/${list}`, { headers: { Accept: 'application/vc+jwt' } })
    return response.text()
  }

  function statusList(token: string): string {
    const { credentialStatus } = decodeJwt(token) as { credentialStatus: { statusListCredential: string }[] }
    return credentialStatus[0]!.statusListCredential.split('/').at(-1)!
  }
})
