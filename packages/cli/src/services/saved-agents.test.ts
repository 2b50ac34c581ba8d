import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { findAgent, findSavedAgent, reserveAgentFile, saveAgent } from './saved-agents.ts'

const did = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'
const other = 'did:key:z6MkvZAgoTHxFnmCQy9vFGhDGT7u2yNPDRgXNRcuuE7Ebmqm'

describe('saved agents', () => {
  let folder: string
  let env: { CONSULATE_DATA: string }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-cli-'))
    env = { CONSULATE_DATA: folder }
    saveAgent(reserveAgentFile(env, 'bot'), { name: 'bot', did, token: 'secret' })
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('are found by name and by DID', () => {
    expect(findSavedAgent(env, 'bot')).to.deep.equal({ did, token: 'secret' })
    expect(findSavedAgent(env, did)).to.deep.equal({ did, token: 'secret' })
  })

  it('lie in files that only their owner may read', () => {
    expect(statSync(join(folder, 'agents', 'bot.json')).mode & 0o777).to.equal(0o600)
    expect(statSync(join(folder, 'agents')).mode & 0o777).to.equal(0o700)
  })

  it('are never overwritten: the token exists nowhere else', () => {
    expect(() => reserveAgentFile(env, 'bot')).to.throw('holds the token of an agent bot already')
    expect(() => saveAgent(join(folder, 'agents', 'bot.json'), { name: 'bot', did: other, token: 'new' })).to.throw(
      'EEXIST',
    )
  })

  it('are not looked for outside the folder', () => {
    for (const name of ['../agents/bot', '/etc/passwd', '.', '', 'a/b'])
      expect(() => findAgent(env, name)).to.throw("is no agent's name")
  })

  it('may be unknown: a DID is enough to revoke, not to present', () => {
    expect(findAgent(env, other)).to.deep.equal({ did: other })
    expect(() => findSavedAgent(env, other))
      .to.throw('made elsewhere')
      .with.property('code', 'agent_unknown')
    expect(() => findAgent(env, 'nobody')).to.throw('consulate agent create')
  })
})
