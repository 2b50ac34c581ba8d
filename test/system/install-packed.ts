import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
const INSTALL_MS = 180_000

/** Packs every package and installs the tarballs in an otherwise empty folder, as their users do. */
export async function installPacked(folder: string): Promise<void> {
  const tarballs = join(folder, 'tarballs')
  mkdirSync(tarballs)
  await run('npx', ['tsc', '-b'], ROOT)
  await run('npm', ['pack', '--workspaces', '--pack-destination', tarballs], ROOT)
  writeFileSync(join(folder, 'package.json'), '{"private": true}')
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(knownVersions()))
  const packages = readdirSync(tarballs).map((tarball) => join(tarballs, tarball))
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], folder)
}

/** What somebody has who installed Node and nothing of this checkout. */
export function userEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, npm_config_node_options: __, ...env } = process.env
  const folders = [dirname(process.execPath), ...(env.PATH ?? '').split(delimiter)]
  return { ...env, PATH: folders.filter((path) => !path.endsWith(join('node_modules', '.bin'))).join(delimiter) }
}

interface Lock {
  packages: Record<string, { link?: boolean; dev?: boolean }>
}

/**
 * The versions of this checkout, which npm has in its cache, so that it need not ask for all that exist. What the checkout
 * overrides is left out: others get what the packages themselves ask for.
 */
function knownVersions(): Lock & { lockfileVersion: 3 } {
  const overridden = Object.keys(read<{ overrides: object }>('package.json').overrides)
  const known = Object.entries(read<Lock>('package-lock.json').packages).filter(
    ([path, { link, dev }]) =>
      path.startsWith('node_modules/') && !link && !dev && !overridden.includes(path.split('node_modules/').at(-1)!),
  )
  return { lockfileVersion: 3, packages: { '': {}, ...Object.fromEntries(known) } }
}

function read<Document>(file: string): Document {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'))
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  await promisify(execFile)(command, args, { cwd, env: userEnvironment(), timeout: INSTALL_MS })
}
