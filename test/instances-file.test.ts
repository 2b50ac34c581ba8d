import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonFile } from '@consulate/server'
import { expect } from 'chai'
import { instancesSchema as issuerSchema } from '../packages/issuer/src/instances.ts'
import { instancesSchema as verifierSchema } from '../packages/verifier/src/instances.ts'

describe('the instances file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consulate-instances-'))
  const file = join(folder, 'instances.json')
  after(() => rmSync(folder, { recursive: true, force: true }))

  const SCHEMAS = { issuers: issuerSchema, verifiers: verifierSchema }

  const mistakes = (service: keyof typeof SCHEMAS, content: unknown): string[] => {
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    const parsed = jsonFile(SCHEMAS[service]).safeParse(file)
    const lines = parsed.success ? [] : parsed.error.issues[0]!.message.split('\n')
    return lines.map((line) => line.replace(`names ${file}, `, ''))
  }

  it('of the documentation can be used as it stands', () => {
    const documentation = readFileSync(new URL('../docs/instances.md', import.meta.url), 'utf8')
    const [, example] = /```json\n(.*?)```/s.exec(documentation)!
    for (const service of Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[])
      expect(mistakes(service, example)).to.deep.equal([])
  })

  it('is refused with one line for each mistake in it', () => {
    const verifiers = {
      'Not a name': { trust: 'anyone' },
      untold: {},
      nobody: { trust: [] },
      typo: { trust: 'anyone', challenge: 'given' },
      odd: { trust: ['did:key:nobody'], challenges: 'never' },
    }
    const lines = mistakes('verifiers', { verifiers, others: {} })
    expect(lines).to.have.lengthOf(7)
    for (const line of lines) expect(line).to.match(/^where [^:\n]+: [^\n]+$/)
    for (const where of ['verifiers.Not a name', 'verifiers.untold.trust', 'verifiers.nobody.trust', 'verifiers.typo'])
      expect(
        lines.some((line) => line.startsWith(`where ${where}: `)),
        where,
      ).to.equal(true)
  })

  it('is refused with one line for each mistake in its issuers', () => {
    const issuers = {
      nobody: { securing: 'vc+jwt' },
      unsecured: { did: 'key' },
      other: { did: 'did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2', securing: 'vc+jwt' },
      sd: { did: 'key', securing: 'ecdsa-sd-2023' },
      twice: { did: 'key', securing: 'vc+jwt', status: ['revocation', 'revocation'] },
      default: { did: 'key', securing: 'vc+jwt' },
    }
    const lines = mistakes('issuers', { issuers })
    expect(lines).to.have.lengthOf(6)
    for (const line of lines) expect(line).to.match(/^where issuers\.(default|[a-z]+\.(did|securing|status)): [^\n]+$/)
  })

  it('is refused when it cannot be read, or is no JSON', () => {
    expect(mistakes('verifiers', '{"verifiers":{},"verifiers":{}}')[0]).to.match(/^which is no JSON: /)
    const absent = jsonFile(verifierSchema).safeParse(join(folder, 'absent.json'))
    expect(absent.error!.issues[0]!.message).to.match(/absent\.json, which cannot be read \(ENOENT\)$/)
  })
})
