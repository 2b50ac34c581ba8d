import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const services = ['issuer', 'wallet', 'verifier']

/** Writes an empty migration class, adds it to its service's list and returns the path of the new file. */
export function createMigration(folder: string, service: string, name: string, now: number): string {
  if (!services.includes(service)) throw new Error(`"${service}" has no migrations: use one of ${services.join(', ')}.`)
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    throw new Error(`"${name}" is no migration name: use up to 60 characters in kebab-case, such as "add-role-index".`)
  }
  const timestamp = nextTimestamp(join(folder, service), now)
  const className = `${name.replaceAll(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase())}${timestamp}`
  const file = `${timestamp}-${name}.ts`
  const index = join(folder, service, 'index.ts')
  const list = addToList(readFileSync(index, 'utf8'), className, file, index)
  writeFileSync(join(folder, service, file), skeleton(className), { flag: 'wx' })
  writeFileSync(index, list)
  return join(folder, service, file)
}

/** TypeORM runs migrations in the order of their timestamps, so a new one comes after all that exist. */
function nextTimestamp(folder: string, now: number): number {
  const newest = readdirSync(folder).map((file) => Number(/^(\d{13})-/.exec(file)?.[1] ?? 0))
  return Math.max(now, ...newest.map((timestamp) => timestamp + 1))
}

function addToList(source: string, className: string, file: string, index: string): string {
  const match = /^(export const \w+[^=\n]*= \[)([^\]]*)\]/m.exec(source)
  if (!match) throw new Error(`${index} has no list to add to: it needs a line "export const migrations = [...]".`)
  const names = [...(match[2] ?? '').matchAll(/\w+/g)].map(([listed]) => listed).concat(className)
  const oneLine = `${match[1]}${names.join(', ')}]`
  const list = oneLine.length <= 120 ? oneLine : `${match[1]}\n${names.map((listed) => `  ${listed},\n`).join('')}]`
  const imports = source.slice(0, match.index).trimEnd()
  const rest = source.slice(match.index + match[0].length)
  return `${imports && `${imports}\n`}import { ${className} } from './${file}'\n\n${list}${rest}`
}

function skeleton(className: string): string {
  return `import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ${className} implements MigrationInterface {
  readonly name = '${className}'

  async up(_runner: QueryRunner): Promise<void> {
    throw new Error('Write up() with the columns of ../columns.ts, which suit SQLite and PostgreSQL alike.')
  }

  async down(_runner: QueryRunner): Promise<void> {
    throw new Error('Write down(): it undoes what up() does.')
  }
}
`
}

if (import.meta.main) {
  const [service, name, ...rest] = process.argv.slice(2)
  try {
    if (!service || !name || rest.length > 0)
      throw new Error(`Usage: npm run migration:create -- ${services.join('|')} NAME`)
    console.log(createMigration(join(import.meta.dirname, '../migrations'), service, name, Date.now()))
  } catch (error) {
    console.error((error as Error).message)
    process.exitCode = 1
  }
}
