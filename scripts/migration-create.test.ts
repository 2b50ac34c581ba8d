import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect } from 'chai'
import { createMigration } from './migration-create.ts'

describe('migration-create', () => {
  const now = 1_764_000_000_000
  let folder: string
  let index: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migration-create-'))
    index = join(folder, 'issuer/index.ts')
    mkdirSync(join(folder, 'issuer'))
    writeFileSync(index, 'export const migrations = []\n')
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('lists new migrations in their order, under names that TypeORM can sort', async () => {
    for (const name of ['create-roles', 'create-agents', 'add-list-2']) createMigration(folder, 'issuer', name, now)
    const { migrations } = await import(pathToFileURL(index).href)
    const names = ['CreateRoles1764000000000', 'CreateAgents1764000000001', 'AddList21764000000002']
    expect(migrations.map((migration: { name: string }) => migration.name)).to.deep.equal(names)
    expect(migrations.map((Migration: new () => { name: string }) => new Migration().name)).to.deep.equal(names)
  })

  it('keeps what else the index says', () => {
    writeFileSync(index, '/** In order. */\nexport const migrations: Migration[] = [\n]\n\nexport const more = [1]\n')
    createMigration(folder, 'issuer', 'create-roles', now)
    expect(readFileSync(index, 'utf8'))
      .to.match(/= \[CreateRoles1764000000000\]\n\nexport const more = \[1\]\n$/)
      .and.contain('/** In order. */')
  })

  for (const [service, name] of [
    ['core', 'create-roles'],
    ['../issuer', 'create-roles'],
    ['issuer', '../create-roles'],
    ['issuer', 'CreateRoles'],
    ['issuer', "x', evil()"],
    ['issuer', '2fa'],
    ['issuer', 'a'.repeat(61)],
  ] as const) {
    it(`refuses ${service} ${name.slice(0, 20)} and writes nothing`, () => {
      expect(() => createMigration(folder, service, name, now)).to.throw(
        /^".+" (has no migrations|is no migration name): use/,
      )
      expect(readdirSync(join(folder, 'issuer'))).to.deep.equal(['index.ts'])
    })
  }

  it('refuses an index without a list and writes nothing', () => {
    writeFileSync(index, 'export {}\n')
    expect(() => createMigration(folder, 'issuer', 'create-roles', now)).to.throw('has no list to add to')
    expect(readdirSync(join(folder, 'issuer'))).to.deep.equal(['index.ts'])
  })
})
