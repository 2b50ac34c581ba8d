import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { userEnvironment } from './system/install-packed.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

describe('dependencies', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-dependencies-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('run nothing when they are installed in a checkout', async () => {
    expect(await installs('trusting')).to.equal(true)
    expect(await installs('checkout', join(ROOT, '.npmrc'))).to.equal(false)
  })

  it('hold no TypeORM that writes code of what a database says into migrations (CVE-2026-73651)', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
    const versions = Object.entries<{ version: string }>(packages)
      .filter(([path]) => path.endsWith('node_modules/typeorm'))
      .map(([, { version }]) => version)
    expect(versions).to.not.be.empty
    for (const version of versions) expect(isMended(version), version).to.equal(true)
    expect(['1.0.9', '0.3.30', '0.3.31', '1.1.0', '2.0.0'].map(isMended)).to.deep.equal([
      false,
      false,
      true,
      true,
      true,
    ])
  })

  /** Whether a package's script has run once the package is installed. */
  async function installs(name: string, npmrc?: string): Promise<boolean> {
    const [user, dependency] = [join(folder, name), join(folder, `${name}-dependency`)]
    for (const made of [user, dependency]) mkdirSync(made)
    const ran = join(folder, `${name}-ran`)
    const scripts = { install: `node -e "require('fs').writeFileSync('${ran}', '')"` }
    writeFileSync(join(dependency, 'package.json'), JSON.stringify({ name: 'dependency', version: '1.0.0', scripts }))
    writeFileSync(join(user, 'package.json'), JSON.stringify({ name, private: true }))
    if (npmrc) copyFileSync(npmrc, join(user, '.npmrc'))
    const own = Object.entries(userEnvironment()).filter(
      ([variable]) => !variable.toLowerCase().startsWith('npm_config'),
    )
    await promisify(execFile)('npm', ['install', '--offline', '--install-links', dependency], {
      cwd: user,
      env: Object.fromEntries(own),
    })
    return existsSync(ran)
  }
})

function isMended(version: string): boolean {
  const [major, minor, patch] = version.split('.').map(Number) as [number, number, number]
  return major > 1 || (major === 1 && minor >= 1) || (major === 0 && (minor > 3 || (minor === 3 && patch >= 31)))
}
