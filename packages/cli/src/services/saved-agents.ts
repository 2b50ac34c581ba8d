import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalDid, DomainError } from '@consulate/core'
import { z } from 'zod'
import { dataFolder, type Env } from './data-folder.ts'

const NAME = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,127}$/

const savedAgentSchema = z.object({ name: z.string(), did: z.string(), token: z.string() })

/** An agent whose wallet can be opened from here. */
export type SavedAgent = z.infer<typeof savedAgentSchema>

/** Where an agent's token is kept. Throws for a name that is none, or that is taken here: a token is never overwritten. */
export function reserveAgentFile(env: Env, name: string): string {
  const file = agentFile(env, name)
  if (existsSync(file))
    throw new DomainError(
      'agent_name_taken',
      `${file} holds the token of an agent ${name} already; choose another name.`,
    )
  mkdirSync(agentsFolder(env), { recursive: true, mode: 0o700 })
  return file
}

export function saveAgent(file: string, { name, did, token }: SavedAgent): void {
  writeFileSync(file, `${JSON.stringify({ name, did, token })}\n`, { mode: 0o600, flag: 'wx', flush: true })
}

/** An agent by its name here, or by its DID; without a token when it is not known here. */
export function findAgent(env: Env, nameOrDid: string): { did: string; token?: string } {
  if (!nameOrDid.startsWith('did:')) return readNamed(env, nameOrDid)
  const did = canonicalDid(nameOrDid)
  return listSavedAgents(env).find((agent) => agent.did === did) ?? { did }
}

/** An agent whose token is kept here. */
export function findSavedAgent(env: Env, nameOrDid: string): { did: string; token: string } {
  const { did, token } = findAgent(env, nameOrDid)
  if (token !== undefined) return { did, token }
  throw new DomainError('agent_unknown', `The token of ${did} is not in ${agentsFolder(env)}; it was made elsewhere.`)
}

function readNamed(env: Env, name: string): SavedAgent {
  const file = agentFile(env, name)
  if (existsSync(file)) return readAgent(file)
  throw new DomainError(
    'agent_unknown',
    `No agent ${name} is known in ${agentsFolder(env)}; make it with consulate agent create, or give its DID.`,
  )
}

function listSavedAgents(env: Env): SavedAgent[] {
  const folder = agentsFolder(env)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  return files.map((file) => readAgent(join(folder, file)))
}

function readAgent(file: string): SavedAgent {
  try {
    return savedAgentSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new DomainError('unavailable', `${file} does not hold an agent; remove it or put it right.`, { cause })
  }
}

function agentFile(env: Env, name: string): string {
  if (!NAME.test(name))
    throw new DomainError(
      'invalid_request',
      `${JSON.stringify(name)} is no agent's name: letters, digits, space, dot, dash, underscore; 128 at most.`,
    )
  return join(agentsFolder(env), `${name}.json`)
}

function agentsFolder(env: Env): string {
  return join(dataFolder(env), 'agents')
}
