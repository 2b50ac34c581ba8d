import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { SERVICES } from '../services/service-names.ts'

const program = fileURLToPath(new URL('../../bin/consulate.js', import.meta.url))
const ADDRESS = `0x${'1'.repeat(40)}`
const NOBODY = {
  CONSULATE_RPC_URLS: 'http://127.0.0.1:1',
  CONSULATE_CHAIN_ID: '1',
  CONSULATE_DID_REGISTRY: ADDRESS,
  CONSULATE_STATUS_REGISTRY: ADDRESS,
  CONSULATE_RELAYER_KEY: `0x${'1'.repeat(64)}`,
}

describe('a start that is refused for its configuration', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-refused-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  for (const command of ['up', 'issuer'])
    it(`makes no secrets, so that the next one warns of root keys that it makes: consulate ${command}`, async () => {
      const refused = await complaint(command, { ...NOBODY, CONSULATE_LOG_LEVEL: 'loud' })
      expect(refused).to.include('CONSULATE_LOG_LEVEL').and.not.include('warning')
      expect(readdirSync(folder)).to.not.include.members(['keys']).and.not.include.members(['admin-token'])

      const warned = await complaint(command, NOBODY)
      expect(warned).to.include(`warning: root keys were made in ${join(folder, 'keys')}`)
      expect(readdirSync(folder)).to.include.members(['keys', 'admin-token'])
    })

  /** What a start says that ends by itself. */
  async function complaint(command: string, settings: Record<string, string>): Promise<string> {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const env = { PATH, NODE_COMPILE_CACHE, CONSULATE_DATA: folder, CONSULATE_LOG_LEVEL: 'silent', ...settings }
    for (const service of SERVICES) Object.assign(env, { [`CONSULATE_${service.toUpperCase()}_PORT`]: '0' })
    const child = spawn(process.execPath, ['--conditions=@consulate/source', program, command], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 50_000,
      killSignal: 'SIGKILL',
    })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(code, said).to.equal(1)
    return said
  }
})
