import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { addRoleCreateCommand } from './role-create.ts'
import { addRoleRevokeCommand } from './role-revoke.ts'

export function addRoleCommand(program: Command, env: Env): void {
  const role = program.command('role').description('Define roles, and take one away from every agent')
  for (const add of [addRoleCreateCommand, addRoleRevokeCommand]) add(role, env)
}
