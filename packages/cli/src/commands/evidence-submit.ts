import type { Command } from 'commander'
import type { SubmitOptions } from '../evidence/submit-evidence.ts'
import type { Env } from '../services/data-folder.ts'
import { examples } from '../terminal/examples.ts'
import { address, epochNumber } from '../terminal/option-values.ts'
import { terminalOf } from '../terminal/terminal.ts'

interface Options extends SubmitOptions {
  privateKeyFile?: string
  dryRun?: true
}

const NOTES = `
Environment:
  CONSULATE_RPC_URLS         in place of --rpc-url, which other users of this machine can see
  CONSULATE_RELAYER_KEY      private key of a funded account, in place of --private-key-file
  CONSULATE_STATUS_REGISTRY  in place of --status-registry

The heads and their signatures are checked before the chain is asked, and nothing is sent that the contract would refuse.`

export function addEvidenceSubmitCommand(evidence: Command, env: Env): void {
  evidence
    .command('submit')
    .description('Prove on chain that an issuer contradicted itself: every verifier refuses it from then on')
    .argument(
      '<source>',
      'the DID of the issuer, or a file with what consulate evidence show --json prints; - is standard input',
    )
    .option('--epoch <number>', 'the epoch to prove it of (default: the newest in the evidence)', epochNumber)
    .option('--rpc-url <urls...>', 'JSON-RPC endpoints of the chain of the issuer')
    .option('--status-registry <address>', 'the StatusRegistry there (default: what runs here, or our own)', address)
    .option('--private-key-file <path>', 'file with the private key of the account that pays')
    .option('--dry-run', 'say what it would cost, and change nothing')
    .addHelpText(
      'after',
      examples(
        'consulate evidence submit did:ethr:0x1:0x… --rpc-url https://rpc.example --private-key-file relayer.key',
        'consulate evidence submit evidence.json --rpc-url https://rpc.example --dry-run',
        'consulate evidence show did:ethr:0x1:0x… --json | consulate evidence submit - --private-key-file relayer.key',
      ),
    )
    .addHelpText('after', NOTES)
    .action(async (source: string, { dryRun, privateKeyFile, ...options }: Options, command: Command) => {
      const { readEvidence } = await import('../evidence/read-evidence.ts')
      const { costOf, findProof, isProven, prove } = await import('../evidence/submit-evidence.ts')
      const terminal = terminalOf(command)
      const proof = await findProof(env, await readEvidence(env, source, command), options)
      const { issuer, epoch, chainId, call } = proof
      const what = { issuer, epoch, chainId, statusRegistry: call.to }
      if (await isProven(proof))
        return terminal.answer({ ...what, proven: true }, [
          `Chain ${chainId} has the proof already that ${issuer} contradicted itself in epoch ${epoch}.`,
        ])
      if (dryRun) {
        const { gas, cost, ether } = await costOf(proof)
        return terminal.answer({ ...what, proven: false, gas: Number(gas), costWei: String(cost) }, [
          `To prove that ${issuer} contradicted itself in epoch ${epoch} takes up to ${gas} gas on chain ${chainId}, ${ether} ETH at the fees of this moment; an L2 adds what its data costs.`,
        ])
      }
      const progress = await terminal.progress('Proving')
      const transaction = await prove(proof, env, privateKeyFile).finally(progress.stop)
      const { hash, block, gasUsed } = transaction
      terminal.answer({ ...what, proven: true, transaction }, [
        `It is proven on chain ${chainId} that ${issuer} contradicted itself in epoch ${epoch}: block ${block}, transaction ${hash}, ${gasUsed} gas.`,
      ])
    })
}
