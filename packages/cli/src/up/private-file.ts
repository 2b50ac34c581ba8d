import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@consulate/server'

/** Writes a file that only its owner may read, whole or not at all. */
export function writePrivateFile(path: string, content: string): void {
  makeFolder(dirname(path))
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  writeFileSync(temporary, content, { mode: 0o600, flush: true })
  renameSync(temporary, path)
}

/** The content of a private file, made at the first call and kept. */
export function keepInFile(path: string, make: () => string): { value: string; made: boolean } {
  if (existsSync(path)) return { value: readFileSync(path, 'utf8').trim(), made: false }
  const value = make()
  writePrivateFile(path, `${value}\n`)
  return { value, made: true }
}
