import type { Deployment, DeploymentPlan } from '@consulate/registry'
import type { Command } from 'commander'
import type { Target } from '../registry/deploy-registry.ts'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { address, wholeNumber } from '../terminal/option-values.ts'
import { type Terminal, terminalOf } from '../terminal/terminal.ts'

interface Options {
  rpcUrl?: string[]
  chainId?: number
  privateKeyFile?: string
  didRegistry?: `0x${string}`
  dryRun?: true
}

const NOTES = `
Environment:
  CONSULATE_RPC_URLS      in place of --rpc-url, which other users of this machine can see
  CONSULATE_CHAIN_ID      in place of --chain-id
  CONSULATE_DEPLOYER_KEY  private key of a funded account, in place of --private-key-file

What it prints on standard output can be kept as an environment file.`

export function addRegistryCommand(program: Command, env: Env): void {
  const registry = program.command('registry').description('Put the contracts on a chain')
  registry
    .command('deploy')
    .description('Deploy ERC-1056 and StatusRegistry where they are missing, and print what to configure')
    .option('--rpc-url <urls...>', 'JSON-RPC endpoints of one chain')
    .option('--chain-id <number>', 'the chain that it must be (default: whichever answers)', wholeNumber)
    .option('--private-key-file <path>', 'file with the private key of the account that pays')
    .option('--did-registry <address>', 'an ERC-1056 that exists, to be used in place of our own', address)
    .option('--dry-run', 'say what is missing and what it costs, and change nothing')
    .addHelpText(
      'after',
      examples(
        'consulate registry deploy --rpc-url https://rpc.example --private-key-file deployer.key > chain.env',
        'consulate registry deploy --rpc-url https://rpc.example --dry-run',
        'CONSULATE_RPC_URLS=https://rpc.example/key CONSULATE_DEPLOYER_KEY=0x… consulate registry deploy --json',
      ),
    )
    .addHelpText('after', NOTES)
    .action(async ({ dryRun, ...options }: Options, command: Command) => {
      const { deployTo, findTarget, planFor } = await import('../registry/deploy-registry.ts')
      const terminal = terminalOf(command)
      const progress = await terminal.progress(dryRun ? 'Looking' : 'Deploying')
      const target = await findTarget(env, options).catch((error) => {
        progress.stop()
        throw error
      })
      if (dryRun) answerPlan(terminal, target, await planFor(target).finally(progress.stop))
      else
        answerDeployment(terminal, target, await deployTo(target, env, options.privateKeyFile).finally(progress.stop))
    })
}

function answerPlan(terminal: Terminal, { chainId }: Target, plan: DeploymentPlan): void {
  const { didRegistry, statusRegistry, gas, cost, ether, contracts } = plan
  const missing = contracts.filter(({ isThere }) => !isThere).map(({ name }) => name)
  const document = { chainId, didRegistry, statusRegistry, missing, gas: Number(gas), costWei: String(cost) }
  terminal.answer(document, [
    ...contracts.map(({ name, address, isThere }) => `${name} ${isThere ? 'is' : 'is missing'} at ${address}.`),
    missing.length === 0
      ? `Nothing is to be deployed on chain ${chainId}.`
      : `It takes up to ${gas} gas, ${ether} ETH at the fees of this moment; an L2 adds what its data costs.`,
  ])
}

function answerDeployment(terminal: Terminal, target: Target, { contracts, ...addresses }: Deployment): void {
  const { chainId, rpcUrls } = target
  const { didRegistry, statusRegistry } = addresses
  const variables = {
    CONSULATE_RPC_URLS: rpcUrls.join(','),
    CONSULATE_CHAIN_ID: String(chainId),
    CONSULATE_DID_REGISTRY: didRegistry,
    CONSULATE_STATUS_REGISTRY: statusRegistry,
  }
  terminal.answer({ chainId, didRegistry, statusRegistry, contracts, env: variables }, [
    ...contracts.map(({ name, transaction }) =>
      transaction
        ? `# ${name} is new: block ${transaction.block}, transaction ${transaction.hash}, ${transaction.gasUsed} gas`
        : `# ${name} was there already`,
    ),
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
  ])
}
