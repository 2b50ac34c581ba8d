import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { envToConfig, type RunningIssuer, startIssuer } from '@consulate/issuer'
import { createChainClient } from '@consulate/registry'
import { issuerClient, walletAdminClient } from '@consulate/sdk'
import { ConfigError } from '@consulate/server'
import Sqlite from 'better-sqlite3'
import { expect } from 'chai'
import { privateKeyToAddress } from 'viem/accounts'
import { scrape } from './system/scrape.ts'
import { ownerKey } from './system/sealed-keys.ts'
import { ADMIN_TOKEN, type System, startSystem, until } from './system/start-system.ts'

const ROLE = 'payments.approver'
const POOR = `0x${'ab'.repeat(32)}` as const

describe('the relayer', () => {
  let system: System
  let folder: string
  /** The records of an issuer whose keys stand on chain. */
  let copy: string

  before(async () => {
    system = await startSystem()
    await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
    folder = mkdtempSync(join(tmpdir(), 'consulate-relayer-'))
    copy = join(folder, 'copy.sqlite')
    const database = new Sqlite(system.env.CONSULATE_ISSUER_DATABASE_URL!.replace('sqlite:', ''))
    database.prepare('VACUUM INTO ?').run(copy)
    database.close()
  })

  after(async () => {
    await system?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = (relayerKey: string, database = `sqlite:${copy}`): Promise<RunningIssuer> =>
    startIssuer(
      envToConfig({ ...system.env, CONSULATE_RELAYER_KEY: relayerKey, CONSULATE_ISSUER_DATABASE_URL: database }),
    )

  it('may not be the owner of the issuer: the start is refused', async () => {
    const key = ownerKey(system)
    const error = await failureOf(start(key))
    expect(error).to.be.instanceOf(ConfigError)
    expect(error.message).to.match(/^CONSULATE_RELAYER_KEY is the key of 0x[0-9a-f]{40}, the owner of did:ethr:/)
    expect(error.message).to.not.include(key.slice(2))
  })

  it('must be able to pay before an issuer begins: the start says whom to fund, and with how much', async () => {
    const error = await failureOf(start(POOR, `sqlite:${join(folder, 'first.sqlite')}`))
    expect(error).to.be.instanceOf(DomainError).and.to.include({ code: 'chain_unavailable' })
    expect(error.message).to.match(
      /must stand on chain before it can issue.* 0x[0-9a-f]{40} has 0 ETH .*needs up to 0\.\d+ ETH/,
    )
  })

  it('may run out of money later: roles are issued and revoked, and the anchor follows when it is funded', async () => {
    const running = await start(POOR)
    const issuer = issuerClient({ url: running.url, token: ADMIN_TOKEN })
    try {
      const { did } = await walletAdminClient({ url: system.wallet.url, token: ADMIN_TOKEN }).createAgent('unpaid')
      await issuer.issueRole(did, { role: ROLE, operator: 'ops@example.com' })
      const { head } = await issuer.revokeRole(did, ROLE)
      const waiting = 'consulate_outbox_depth{stage="sending"}'
      await until(async () => (await scrape(running.url)).get(waiting) === 1)
      expect((await issuer.statusHead()).anchor).to.deep.equal({ state: 'pending' })
      await fund()
      await until(async () => ['mined', 'final'].includes((await issuer.statusHead()).anchor.state))
      expect((await issuer.statusHead()).head.version).to.equal(head.version)
    } finally {
      await running.stop()
    }
  })

  async function fund() {
    const client = createChainClient({ rpcUrls: [system.devnet.rpcUrl], chainId: system.devnet.chainId })
    await client.request({
      method: 'anvil_setBalance',
      params: [privateKeyToAddress(POOR), `0x${(10n ** 18n).toString(16)}`],
    } as never)
  }
})

async function failureOf(work: Promise<RunningIssuer>): Promise<Error> {
  return work.then(
    ({ stop }) => stop().then(() => new Error('it started')),
    (error) => error,
  )
}
