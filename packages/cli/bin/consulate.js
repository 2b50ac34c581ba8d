#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import process, { argv, env, execArgv, execPath, exit, stderr, versions } from 'node:process'
import { fileURLToPath } from 'node:url'

const file = (path) => fileURLToPath(new URL(path, import.meta.url))
const { HOME, XDG_CACHE_HOME = HOME && `${HOME}/.cache` } = env
const [source, built] = [file('../src/main.ts'), file('../dist/main.js')]

if (Number.parseInt(versions.node, 10) < 24) {
  fail(`Consulate needs Node 24 or newer, and this is ${versions.node}. In a checkout, npm brings it: npx consulate.`)
} else if (existsSync(source)) {
  // Of a checkout the sources are run, as they are: packages find each other by the export condition `@consulate/source`.
  if (!import.meta.resolve('@consulate/core').endsWith('.ts'))
    process.execve(execPath, [execPath, ...execArgv, '--conditions=@consulate/source', ...argv.slice(1)], env)
  keepCompiled()
  const { main } = await import('../src/main.ts')
  exit(await main(argv))
} else if (existsSync(built)) {
  keepCompiled()
  const { main } = await import('../dist/main.js')
  exit(await main(argv))
} else {
  fail('Consulate is not built: run npm run build.')
}

/** For a quicker start the next time, where only this user writes: what is kept there is run unchecked. */
function keepCompiled() {
  if (XDG_CACHE_HOME && existsSync(XDG_CACHE_HOME)) enableCompileCache(`${XDG_CACHE_HOME}/consulate`)
}

function fail(message) {
  stderr.write(`error: ${message}\n`)
  exit(1)
}
