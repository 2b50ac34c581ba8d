import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { addAgentCreateCommand } from './agent-create.ts'
import { addAgentRotateCommand } from './agent-rotate.ts'

export function addAgentCommand(program: Command, env: Env): void {
  const agent = program.command('agent').description('Make agents, and give them new keys')
  for (const add of [addAgentCreateCommand, addAgentRotateCommand]) add(agent, env)
}
