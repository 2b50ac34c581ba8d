import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { importRules } from './import-rules.ts'

const root = join(import.meta.dirname, '..')
const packages = ['core', 'registry', 'sdk', 'server', 'issuer', 'wallet', 'verifier', 'cli']

/** A small Consulate that uses every import the table allows. */
const allowed: Record<string, string> = {
  'packages/core/src/index.ts': `export * from './errors.ts'`,
  'packages/core/src/errors.ts': `import { createHash } from 'node:crypto'; export const hash = createHash`,
  'packages/core/src/errors.test.ts': `import 'node:fs'; import 'viem'; import './errors.ts'; process.env.CI`,
  'packages/registry/src/index.ts': `import 'viem'; export * from '@consulate/core'`,
  'packages/sdk/src/index.ts': `import type * as Registry from '@consulate/registry'; import '@consulate/core'
    export const registry = (): Promise<typeof Registry> => import('@consulate/registry')`,
  'packages/sdk/src/express.ts': `import 'express'`,
  'packages/server/src/index.ts': `import 'express'; import 'typeorm'; import '@consulate/core'; export * from './config.ts'`,
  'packages/server/src/config.ts': `export const config = (env: { HOST?: string }) => env.HOST`,
  'packages/issuer/src/index.ts': `import './app.ts'`,
  'packages/issuer/src/app.ts': `import './context.ts'; import './routes/revoke-role.ts'; import '@consulate/server'`,
  'packages/issuer/src/context.ts': `import './adapters/typeorm-store.ts'; import type {} from './ports.ts'; import 'viem'`,
  'packages/issuer/src/ports.ts': `import type { hash } from '@consulate/core'; export type Store = typeof hash`,
  'packages/issuer/src/adapters/typeorm-store.ts': `import type {} from '../ports.ts'; import '@consulate/core'; import 'typeorm'
    import '@consulate/server'; import '@consulate/registry'; import '@consulate/sdk'; import '@consulate/migrations/issuer'`,
  'packages/issuer/src/use-cases/revoke-role.ts': `import '@consulate/core'; import type {} from '../ports.ts'
    import type {} from '../context.ts'`,
  'packages/issuer/src/routes/revoke-role.ts': `import '../use-cases/revoke-role.ts'; import type {} from '../context.ts'
    import './schemas.ts'; import '@consulate/server'; import '@consulate/core'; import 'express'`,
  'packages/issuer/src/routes/schemas.ts': `export const schema = {}`,
  'packages/wallet/src/index.ts': `export {}`,
  'packages/verifier/src/index.ts': `export {}`,
  'packages/cli/src/index.ts': `import './commands/up.ts'; import '@consulate/sdk'; process.env.HOME`,
  'packages/cli/src/commands/up.ts': `import '@consulate/issuer'`,
  'migrations/issuer/index.ts': `import 'typeorm'`,
  'scripts/bench.ts': `import '../packages/core/src/errors.ts'; process.env.CI`,
  'test/loop.test.ts': `import '@consulate/issuer'; import '../packages/wallet/src/index.ts'`,
}

/** One file for each rule: the rule that it breaks, where, and how. */
const forbidden: [string, string, string][] = [
  ['core-walls', 'packages/core/src/a.ts', `import type {} from '@consulate/registry'`],
  ['registry-walls', 'packages/registry/src/a.ts', `import '@consulate/sdk'`],
  ['sdk-walls', 'packages/sdk/src/a.ts', `import '@consulate/server'`],
  ['server-walls', 'packages/server/src/a.ts', `const later = () => import('@consulate/registry')`],
  ['issuer-walls', 'packages/issuer/src/adapters/a.ts', `import '@consulate/wallet'`],
  ['wallet-walls', 'packages/wallet/src/adapters/a.ts', `import '@consulate/verifier'`],
  ['verifier-walls', 'packages/verifier/src/context.ts', `import '@consulate/issuer'`],
  ['cli-walls', 'packages/cli/src/commands/a.ts', `import '@consulate/tenth'`],
  ['migrations-walls', 'migrations/issuer/a.ts', `import '@consulate/core'`],
  ['package-without-walls', 'packages/tenth/src/index.ts', `import '@consulate/core'`],
  ['core-is-pure', 'packages/core/src/b.ts', `import 'node:fs'`],
  ['core-libraries', 'packages/core/src/c.ts', `import type {} from '@veramo/core'`],
  ['sdk-loads-registry-lazily', 'packages/sdk/src/b.ts', `import '@consulate/registry'`],
  ['sdk-libraries', 'packages/sdk/src/c.ts', `import 'typeorm'`],
  ['sdk-express-apart', 'packages/sdk/src/d.ts', `import 'express'`],
  ['use-case-walls', 'packages/issuer/src/use-cases/a.ts', `import '@consulate/server'`],
  ['use-case-libraries', 'packages/issuer/src/ports.ts', `import type {} from 'viem/chains'`],
  ['ports-are-types', 'packages/issuer/src/use-cases/b.ts', `import '../context.ts'`],
  ['route-walls', 'packages/issuer/src/routes/a.ts', `import '@consulate/sdk'`],
  ['route-libraries', 'packages/issuer/src/jobs/a.ts', `import 'viem'`],
  ['context-joins-adapters', 'packages/issuer/src/main.ts', `import './adapters/typeorm-store.ts'`],
  ['migrations-by-adapters', 'packages/issuer/src/config.ts', `import '@consulate/migrations/issuer'`],
  ['services-run-by-up', 'packages/cli/src/commands/b.ts', `import '@consulate/issuer'`],
  ['no-tests-in-production', 'packages/core/src/d.ts', `import './errors.test.ts'`],
  ['no-deep-import', 'packages/server/src/b.test.ts', `import '../../core/src/errors.ts'`],
  ['not-exported', 'packages/server/src/c.ts', `import '@consulate/core/src/errors.ts'`],
  ['no-cycle', 'packages/core/src/e.test.ts', `import type {} from './e.test.ts'; export {}`],
  ['no-inline-type-import', 'packages/server/src/d.ts', `export type D = Promise<import('@consulate/sdk').Sdk>`],
  ['no-process-env', 'packages/server/src/e.ts', `const { env } = process`],
]

describe('check-imports', () => {
  let tree: string

  beforeEach(() => {
    tree = realpathSync(mkdtempSync(join(tmpdir(), 'check-imports-')))
    write('package.json', JSON.stringify({ private: true, type: 'module', workspaces: ['packages/*', 'migrations'] }))
    for (const name of [...packages, 'tenth']) link(name, name === 'cli' ? 'consulate' : `@consulate/${name}`)
    write('migrations/package.json', manifest('@consulate/migrations', './issuer', './issuer/index.ts'))
    symlink(join(tree, 'migrations'), 'node_modules/@consulate/migrations')
    for (const name of ['express', 'typeorm', 'viem', '@veramo'])
      symlink(join(root, 'node_modules', name), `node_modules/${name}`)
    for (const [file, source] of Object.entries(allowed)) write(file, source)
    write('packages/tenth/src/index.ts', 'export {}')
  })

  afterEach(() => rmSync(tree, { recursive: true, force: true }))

  it('passes a tree that uses every import the table allows', () => {
    const { status, stderr, stdout } = check()
    expect(stderr).to.equal('')
    expect(stdout).to.match(/^24 files, 0 broken import rules/)
    expect(status).to.equal(0)
  })

  it('names the file and the rule of each violation, and no others', () => {
    for (const [, file, source] of forbidden) write(file, source)
    const { status, stderr } = check()
    const found = [...stderr.matchAll(/^(\S+)(?: -> .+)?\n {2}([\w-]+): .+$/gm)].map(
      ([, file, name]) => `${file} ${name}`,
    )
    expect(found).to.have.members(forbidden.map(([name, file]) => `${file} ${name}`))
    expect(status).to.equal(1)
  })

  it('has a violation above for every rule', () => {
    const shown = forbidden.map(([name]) => name)
    expect(shown).to.include.members(importRules.map(({ name }) => name))
  })

  it('finds a cycle that runs through several packages', () => {
    write('packages/core/src/index.ts', `import '@consulate/registry'`)
    expect(check().stderr)
      .to.contain('packages/core/src/index.ts -> packages/registry/src/index.ts')
      .and.contain('no-cycle')
  })

  it('fails on a folder without sources, which it would otherwise praise', () => {
    for (const folder of ['packages', 'migrations', 'scripts', 'test']) rmSync(join(tree, folder), { recursive: true })
    const { status, stdout } = check()
    expect(stdout).to.match(/^0 files/)
    expect(status).to.equal(1)
  })

  function check() {
    return spawnSync(process.execPath, [join(root, 'scripts/check-imports.ts'), tree], { encoding: 'utf8' })
  }

  function link(name: string, specifier: string) {
    write(`packages/${name}/package.json`, manifest(specifier, '.', './src/index.ts'))
    symlink(join(tree, 'packages', name), `node_modules/${specifier}`)
  }

  function write(file: string, content: string) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    writeFileSync(join(tree, file), content)
  }

  function symlink(target: string, file: string) {
    mkdirSync(dirname(join(tree, file)), { recursive: true })
    symlinkSync(target, join(tree, file))
  }
})

function manifest(name: string, entry: string, source: string): string {
  return JSON.stringify({
    name,
    version: '0.0.0',
    type: 'module',
    exports: { [entry]: { '@consulate/source': source, default: './dist/index.js' } },
  })
}
