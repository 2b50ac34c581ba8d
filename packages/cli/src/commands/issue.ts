import type { RoleGrant } from '@consulate/sdk'
import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { wholeNumber } from '../terminal/option-values.ts'
import { bold } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  operator: string
  validFor?: number
  constraints?: string
  claims?: string
}

export function addIssueCommand(program: Command, env: Env): void {
  program
    .command('issue')
    .description("Issue a role credential, and store it in the agent's wallet when its token is known here")
    .argument('<agent>', 'name or DID')
    .argument('<role>', 'a role that is defined')
    .requiredOption('--operator <who>', 'who answers for the agent')
    .option('--valid-for <seconds>', 'how long the credential lives (default: as long as the role allows)', wholeNumber)
    .option('--constraints <json>', 'limits of this grant, for policies')
    .option('--claims <json>', "claims that fit the role's schema")
    .addHelpText(
      'after',
      examples(
        'consulate issue bot payments.approver --operator ops@example.com',
        `consulate issue bot payments.approver --operator ops@example.com --valid-for 900 --constraints '{"maxAmount":500}'`,
      ),
    )
    .action(async (nameOrDid: string, role: string, options: Options, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { findAgent } = await import('../services/saved-agents.ts')
      const grant = await grantOf(role, options, command)
      const { did, token } = findAgent(env, nameOrDid)
      const services = findServices(env)
      const issued = await services.issuer().issueRole(did, grant)
      const stored = token !== undefined
      if (stored) await services.walletOf({ did, token }).store(issued.verifiableCredential)
      terminalOf(command).answer({ ...issued, stored }, [
        `${bold(issued.role)} is issued to ${nameOrDid}${stored ? ' and lies in its wallet' : ''}.`,
        ...table([
          ['credential', issued.id],
          ['agent', issued.agent],
          ['valid until', issued.validUntil],
        ]),
        ...(stored
          ? []
          : ['Its token is not known here, so give the agent its credential yourself:', issued.verifiableCredential]),
      ])
    })
}

async function grantOf(role: string, options: Options, command: Command): Promise<RoleGrant> {
  const { jsonObject } = await import('../terminal/json-object.ts')
  const { operator, validFor, constraints, claims } = options
  return {
    role,
    operator,
    ...(validFor !== undefined && { validForSeconds: validFor }),
    ...(constraints !== undefined && { constraints: jsonObject('--constraints', constraints, command) }),
    ...(claims !== undefined && { claims: jsonObject('--claims', claims, command) }),
  }
}
