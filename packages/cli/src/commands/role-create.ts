import type { Sensitivity } from '@consulate/core'
import { type Command, Option } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { wholeNumber } from '../terminal/option-values.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  description?: string
  maxValidity: number
  sensitivity: Sensitivity
  claimsSchema?: string
}

const DAY = 86_400

export function addRoleCreateCommand(role: Command, env: Env): void {
  role
    .command('create')
    .description('Define a role, or change its definition')
    .argument('<role>', 'dotted lower-case name, such as payments.approver')
    .option('--description <text>', 'what the role allows (default: its name)')
    .option('--max-validity <seconds>', 'how long a credential of it may live', wholeNumber, DAY)
    .addOption(
      new Option('--sensitivity <level>', 'how fresh its status must be')
        .choices(['low', 'medium', 'high'])
        .default('medium'),
    )
    .option('--claims-schema <json>', 'JSON Schema of the claims that a credential of it may carry')
    .addHelpText(
      'after',
      examples(
        'consulate role create payments.approver',
        'consulate role create payments.approver --description "Approves payments" --sensitivity high --max-validity 3600',
      ),
    )
    .action(async (name: string, options: Options, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { jsonObject } = await import('../terminal/json-object.ts')
      const { description = name, maxValidity: maxValiditySeconds, sensitivity, claimsSchema } = options
      const schema =
        claimsSchema === undefined ? {} : { claimsSchema: jsonObject('--claims-schema', claimsSchema, command) }
      const defined = await findServices(env)
        .issuer()
        .putRole(name, { description, maxValiditySeconds, sensitivity, ...schema })
      terminalOf(command).answer(defined, [
        `The role ${bold(defined.role)} is defined.`,
        ...table([
          ['description', defined.description],
          ['sensitivity', defined.sensitivity],
          ['max validity', `${defined.maxValiditySeconds} s`],
        ]),
      ])
    })
}
