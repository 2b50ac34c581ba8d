#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'
import process, { argv, env, execArgv, execPath, exit, stderr, versions } from 'node:process'
import { fileURLToPath } from 'node:url'

const file = (path) => fileURLToPath(new URL(path, import.meta.url))
const [source, built] = [file('../src/main.ts'), file('../dist/main.js')]

if (Number.parseInt(versions.node, 10) < 24) {
  fail(`Consulate needs Node 24 or newer, and this is ${versions.node}. In a checkout, npm brings it: npx consulate.`)
} else if (existsSync(source)) {
  // Of a checkout the sources are run, as they are: packages find each other by the export condition `source`.
  if (!import.meta.resolve('@consulate/core').endsWith('.ts'))
    process.execve(execPath, [execPath, ...execArgv, '--conditions=source', ...argv.slice(1)], env)
  cacheCode()
  const { main } = await import('../src/main.ts')
  exit(await main(argv))
} else if (existsSync(built)) {
  cacheCode()
  const { main } = await import('../dist/main.js')
  exit(await main(argv))
} else {
  fail('Consulate is not built: run npm run build.')
}

/** Compiled code, which takes longer to make than a command runs; not in the folder for everybody that Node would take. */
function cacheCode() {
  enableCompileCache(join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'consulate'))
}

function fail(message) {
  stderr.write(`error: ${message}\n`)
  exit(1)
}
