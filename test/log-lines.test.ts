import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { issuerClient, walletAdminClient } from '@consulate/sdk'
import { expect } from 'chai'
import { ROLE } from './system/entrances.ts'
import { send } from './system/http.ts'
import { runServices, type ServicesProcess } from './system/services-process.ts'
import { ADMIN_TOKEN, type System, startSystem } from './system/start-system.ts'

/** A line as an attacker would like it to stand in the log, after whatever ends a line or a string. */
const FORGED = '{"level":30,"service":"issuer","by":"bootstrap","msg":"a forged line"}'
const BREAKS = ['\n', '\r', '\r\n', '\u2028', '\u0085', '\u202e', '\0', '\x1b[2J\x1b[H', '"}\n', '\\n', '\b']

describe('the log of a service', () => {
  let system: System
  let services: ServicesProcess

  before(async () => {
    system = await startSystem()
    const database = (name: string) => `sqlite:${join(system.folder, `log-lines-${name}.sqlite`)}`
    services = await runServices({
      ...system.env,
      CONSULATE_ISSUER_DATABASE_URL: database('issuer'),
      CONSULATE_WALLET_DATABASE_URL: database('wallet'),
      CONSULATE_VERIFIER_DATABASE_URL: database('verifier'),
      CONSULATE_LOG_LEVEL: 'trace',
    })
  })
  after(async () => {
    await services?.end()
    await system?.stop()
  })

  it('is one JSON object a line, which nobody who calls can begin or break off', async () => {
    const { did } = await walletAdminClient({ url: services.wallet, token: ADMIN_TOKEN }).createAgent('an agent')
    const definition = { description: ROLE, maxValiditySeconds: 60, sensitivity: 'low' } as const
    await issuerClient({ url: services.issuer, token: ADMIN_TOKEN }).putRole(ROLE, definition)
    for (const separator of BREAKS) await write(did, `x${separator}${FORGED}`)
    await services.end()
    const lines = services.log().split('\n').slice(1).filter(Boolean)
    expect(lines).to.have.length.above(BREAKS.length * 6)
    for (const line of lines) {
      expect(line).to.match(/^{"level":\d+,"time":\d+,/)
      expect(JSON.parse(line)).to.have.property('msg').that.does.not.include('a forged line')
      expect(line).to.not.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
    }
  })

  /** Wherever the log might repeat what a caller says. */
  async function write(did: string, injected: string): Promise<void> {
    const { issuer, wallet, verifier } = services
    const escaped = encodeURIComponent(injected)
    const admin = { token: ADMIN_TOKEN }
    for (const service of [issuer, wallet, verifier]) {
      await send(`${service}/${escaped}?${escaped}`, admin)
      await send(`${service}/agents/${escaped}`, admin)
      for (const body of [{ name: injected }, { [injected]: injected }, injected])
        await send(`${service}/agents`, { method: 'POST', ...admin, body })
      await raw(service, `GET /${injected} HTTP/1.1\r\nHost: x\r\nX-Request-Id: ${injected}\r\n\r\n`)
      await raw(service, injected)
    }
    const description = { description: injected, maxValiditySeconds: 60, sensitivity: 'low' }
    await send(`${issuer}/roles/${ROLE}`, { method: 'PUT', ...admin, body: description })
    await send(`${verifier}/resource-servers`, {
      method: 'POST',
      ...admin,
      body: { name: injected, domains: [injected] },
    })
    const agent = `${issuer}/agents/${encodeURIComponent(did)}`
    for (const operator of [injected, 'ops'])
      await send(`${agent}/roles`, { method: 'POST', ...admin, body: { role: ROLE, operator } })
    await send(`${agent}/roles/${ROLE}?reason=${escaped}`, { method: 'DELETE', ...admin })
  }

  async function raw(service: string, bytes: string): Promise<void> {
    const socket = connect(Number(new URL(service).port), '127.0.0.1').on('error', () => undefined)
    socket.end(bytes)
    await text(socket).catch(() => undefined)
  }
})
