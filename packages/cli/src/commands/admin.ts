import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { addAdminCreateCommand } from './admin-create.ts'
import { addAdminListCommand } from './admin-list.ts'
import { addAdminRemoveCommand } from './admin-remove.ts'

export function addAdminCommand(program: Command, env: Env): void {
  const admin = program.command('admin').description('Give administrators keys of their own; needs the bootstrap token')
  for (const add of [addAdminCreateCommand, addAdminListCommand, addAdminRemoveCommand]) add(admin, env)
}
