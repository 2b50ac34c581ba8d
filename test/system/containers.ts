import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../..')

export interface ComposeService {
  build?: string | { target: string }
  image?: string
  command: string[]
  environment: Record<string, string>
  depends_on: Record<string, { condition: 'service_healthy' | 'service_completed_successfully' }>
  ports: string[]
}

interface ComposeFile {
  services: Record<string, Partial<ComposeService>>
  configs: { databases: { content: string } }
}

/** What compose.yaml says when no variable is set. */
export function readCompose() {
  const text = readFileSync(join(ROOT, 'compose.yaml'), 'utf8')
  const defaults = text.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1')
  const { services, configs } = parse(defaults, { merge: true }) as ComposeFile
  const complete = (service: Partial<ComposeService>): ComposeService => ({
    command: [],
    environment: {},
    depends_on: {},
    ports: [],
    ...service,
  })
  const entries = Object.entries(services).map(([name, service]) => [name, complete(service)] as const)
  return { services: new Map(entries), databaseStatements: configs.databases.content.trim().split('\n') }
}

/** One stage of the Dockerfile. */
export interface Stage {
  image: string
  user: string | undefined
  environment: Record<string, string>
  entrypoint: string[]
  healthcheck: string[]
}

export function readStages(): Map<string, Stage> {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll(/\\\n\s*/g, '')
  const stages = text.split(/^FROM /m).slice(1)
  return new Map(stages.map((stage) => [/^\S+ AS (\S+)/.exec(stage)![1]!, readStage(stage)]))
}

function readStage(stage: string): Stage {
  const after = (instruction: RegExp) => new RegExp(`^${instruction.source}(.*)$`, 'm').exec(stage)?.[1]
  const list = (text: string | undefined): string[] => JSON.parse(text ?? '[]')
  const environment = (after(/ENV /) ?? '').split(' ').filter(Boolean)
  return {
    image: stage.split(' ')[0]!,
    user: after(/USER /),
    environment: Object.fromEntries(environment.map((setting) => setting.split('=') as [string, string])),
    entrypoint: list(after(/ENTRYPOINT /)),
    healthcheck: list(after(/HEALTHCHECK .*CMD /)),
  }
}
