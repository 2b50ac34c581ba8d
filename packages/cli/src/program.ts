import { Command } from 'commander'
import { addAdminCommand } from './commands/admin.ts'
import { addAgentCommand } from './commands/agent.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addEvidenceCommand } from './commands/evidence.ts'
import { addIssueCommand } from './commands/issue.ts'
import { addIssuerCommand } from './commands/issuer.ts'
import { addKillCommand } from './commands/kill.ts'
import { addMigrateCommand } from './commands/migrate.ts'
import { addPresentCommand } from './commands/present.ts'
import { addRegistryCommand } from './commands/registry-deploy.ts'
import { addRevokeCommand } from './commands/revoke.ts'
import { addRoleCommand } from './commands/role.ts'
import { addStatusCommand } from './commands/status.ts'
import { addSuspendCommand } from './commands/suspend.ts'
import { addTrustCommand } from './commands/trust.ts'
import { addUpCommand } from './commands/up.ts'
import { addVerifierCommand } from './commands/verifier.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { addWalletCommand } from './commands/wallet.ts'
import type { Env } from './services/data-folder.ts'
import { examples } from './terminal/examples.ts'

const NOTES = `
Exit codes:
  0  done
  1  failed: refused by a service, or no answer from it
  2  wrong usage
  3  verify: the presentation was refused

Environment:
  CONSULATE_DATA                                      data folder (default .consulate); endpoints.json in it says
                                                      where the services are
  CONSULATE_ISSUER_URL, _WALLET_URL, _VERIFIER_URL    services elsewhere
  CONSULATE_ADMIN_TOKEN, CONSULATE_VERIFIER_TOKEN     what opens them: the bootstrap token, an administrator's key
                                                      or JWT (CONSULATE_ISSUER_ADMIN_TOKEN, … for one service);
                                                      a resource server's token
${examples(
  'consulate up',
  'consulate role create payments.approver',
  'consulate agent create bot',
  'consulate issue bot payments.approver --operator ops@example.com',
  'consulate present bot --domain https://api.example --json | consulate verify -',
)}`

export function createProgram(env: Env): Command {
  const program = new Command('consulate')
    .description('Identity for AI agents: issue roles, present them, verify them, revoke them.')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', NOTES)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
  const additions = [
    addUpCommand,
    addIssuerCommand,
    addWalletCommand,
    addVerifierCommand,
    addMigrateCommand,
    addRoleCommand,
    addAgentCommand,
    addIssueCommand,
    addPresentCommand,
    addVerifyCommand,
    addRevokeCommand,
    addSuspendCommand,
    addKillCommand,
    addStatusCommand,
    addRegistryCommand,
    addTrustCommand,
    addEvidenceCommand,
    addAdminCommand,
    addDemoCommand,
  ]
  for (const add of additions) add(program, env)
  return program
}
