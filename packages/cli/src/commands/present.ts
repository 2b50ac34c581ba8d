import type { Command } from 'commander'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options {
  domain: string
  challenge?: string
  role?: string[]
  htm?: string
  htu?: string
}

export function addPresentCommand(program: Command, env: Env): void {
  program
    .command('present')
    .description("Have an agent's wallet sign a presentation of its roles")
    .argument('<agent>', 'name or DID of an agent whose token is known here')
    .requiredOption('--domain <origin>', 'the resource server it is for, such as https://api.example')
    .option('--challenge <challenge>', 'what the resource server asked with (default: a new one from the verifier)')
    .option('--role <role...>', 'present these roles only')
    .option('--htm <method>', 'bind it to the HTTP method of one request')
    .option('--htu <url>', 'bind it to the URL of one request')
    .addHelpText(
      'after',
      examples(
        'consulate present bot --domain https://api.example',
        'consulate present bot --domain https://api.example --json | consulate verify -',
      ),
    )
    .action(async (nameOrDid: string, options: Options, command: Command) => {
      const { findServices } = await import('../services/find-services.ts')
      const { findSavedAgent } = await import('../services/saved-agents.ts')
      const { domain, role: roles, htm, htu } = options
      const agent = findSavedAgent(env, nameOrDid)
      const services = findServices(env)
      const challenge = options.challenge ?? (await services.verifier().challenge(domain)).challenge
      const verifiablePresentation = await services
        .walletOf(agent)
        .present({ domain, challenge, ...(roles && { roles }), ...(htm && { htm }), ...(htu && { htu }) })
      const bound = { ...(htm && { htm }), ...(htu && { htu }) }
      terminalOf(command).answer({ verifiablePresentation, challenge, domain, ...bound }, [verifiablePresentation])
    })
}
