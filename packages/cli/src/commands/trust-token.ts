import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'

/** More than any token has, and a line break. */
const MAX_BYTES = 16_384

export function addTrustTokenCommand(trust: Command, env: Env): void {
  trust
    .command('token')
    .description('Give the verifier a token of scope read that the issuer made for it: a place is kept for it then')
    .argument('<issuer>', 'its DID')
    .argument('[file]', 'file with the token; - is standard input', '-')
    .option('--remove', 'have the verifier ask as a stranger again')
    .addHelpText(
      'after',
      examples(
        'consulate trust token did:ethr:0x1:0x… token.txt',
        'consulate trust token did:ethr:0x1:0x… < token.txt',
        'consulate trust token did:ethr:0x1:0x… --remove',
      ),
    )
    .action(async (issuer: string, file: string, { remove }: { remove?: true }, command: Command) => {
      const { readInput } = await import('../terminal/read-input.ts')
      const { findServices } = await import('../services/find-services.ts')
      const statusToken = remove ? null : (await readInput(file, MAX_BYTES, command)).toString('utf8').trim()
      const admin = findServices(env).verifierAdmin()
      const { roles, statusUrl, minSensitivity } = await admin.trusted(issuer)
      const known = { roles, statusUrl, ...(minSensitivity && { minSensitivity }) }
      const changed = await admin.trust(issuer, { ...known, statusToken })
      const { origin } = new URL(statusUrl)
      terminalOf(command).answer(changed, [
        remove
          ? `The verifier asks ${origin} for the status of ${issuer} as a stranger.`
          : `The verifier shows the token to ${origin} when it asks for the status of ${issuer}.`,
      ])
    })
}
