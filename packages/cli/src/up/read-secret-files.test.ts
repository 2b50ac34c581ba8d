import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '@consulate/server'
import { expect } from 'chai'
import { readSecretFiles } from './read-secret-files.ts'

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-secrets-'))
  const file = join(folder, 'secret')
  before(() => writeFileSync(file, 'the secret\n'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const variable of [
    'CONSULATE_MASTER_KEY',
    'CONSULATE_WALLET_MASTER_KEY',
    'CONSULATE_ADMIN_TOKEN',
    'CONSULATE_ISSUER_ADMIN_TOKEN',
    'CONSULATE_VERIFIER_DATABASE_URL',
    'CONSULATE_RELAYER_KEY',
    'CONSULATE_WALLET_RELAYER_KEY',
    'CONSULATE_RPC_URLS',
  ])
    it(`stand for ${variable}, unless that is given itself`, () => {
      expect(readSecretFiles({ [`${variable}_FILE`]: file })[variable]).to.equal('the secret')
      expect(readSecretFiles({ [`${variable}_FILE`]: file, [variable]: 'given' })[variable]).to.equal('given')
    })

  it('are read for nothing else', () => {
    const env = { CONSULATE_HOST_FILE: file, CONSULATE_DATABASE_URL_FILE: file, MASTER_KEY_FILE: file }
    expect(readSecretFiles(env)).to.deep.equal(env)
  })

  it('that are empty are refused: another secret would be made in their place', () => {
    const empty = join(folder, 'empty')
    writeFileSync(empty, '\n')
    expect(() => readSecretFiles({ CONSULATE_WALLET_MASTER_KEY_FILE: empty })).to.throw(
      ConfigError,
      `CONSULATE_WALLET_MASTER_KEY_FILE names ${empty}, which is empty`,
    )
  })

  it('that cannot be read are named, all of them', () => {
    const missing = join(folder, 'missing')
    const attempt = () => readSecretFiles({ CONSULATE_RELAYER_KEY_FILE: missing, CONSULATE_MASTER_KEY_FILE: folder })
    expect(attempt).to.throw(
      ConfigError,
      `CONSULATE_RELAYER_KEY_FILE names ${missing}, which cannot be read (ENOENT)\nCONSULATE_MASTER_KEY_FILE names ${folder}, which cannot be read (EISDIR)`,
    )
  })
})
