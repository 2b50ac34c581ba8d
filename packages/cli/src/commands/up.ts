import type { Command } from 'commander'
import { dataFolder, type Env, endpointsFile } from '../services/data-folder.ts'
import type { Endpoints } from '../services/endpoints.ts'
import { examples } from '../terminal/examples.ts'
import { bold, dim, green } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import { terminalOf } from '../terminal/terminal.ts'

const VARIABLES = `
Environment (SERVICE is ISSUER, WALLET or VERIFIER):
  CONSULATE_DATA                  data folder (.consulate)
  CONSULATE_HOST                  bind address (127.0.0.1)
  CONSULATE_SERVICE_PORT          7100, 7200, 7300; 0 takes a free one and keeps it
  CONSULATE_SERVICE_PUBLIC_URL    what credentials and documents point to (the bound address)
  CONSULATE_SERVICE_DATABASE_URL  sqlite:PATH (in the data folder), or postgres://…
  CONSULATE_MASTER_KEY, CONSULATE_SERVICE_MASTER_KEY
                                  root key, 32 bytes base64url (made in the data folder)
  CONSULATE_ADMIN_TOKEN, CONSULATE_SERVICE_ADMIN_TOKEN
                                  bootstrap administrator's token (made at the first start)
  CONSULATE_OIDC_ISSUER, CONSULATE_OIDC_AUDIENCE, CONSULATE_OIDC_SCOPES
                                  whose JWTs administrators may use (nobody's), what their aud must hold, and
                                  scopes by claim: {"groups":{"platform":["issue","revoke"],"audit":["read"]}};
                                  one per service: CONSULATE_SERVICE_OIDC_ISSUER, _AUDIENCE, _SCOPES
  CONSULATE_RPC_URLS              JSON-RPC endpoints of one chain, comma-separated, asked in this order
                                  (a local chain); with them what consulate registry deploy prints:
                                  CONSULATE_CHAIN_ID, CONSULATE_DID_REGISTRY, CONSULATE_STATUS_REGISTRY
  CONSULATE_RELAYER_KEY           private key of the account that pays for transactions, and does nothing else
  CONSULATE_WALLET_RELAYER_KEY    the same for changes of did:ethr agents' keys (none: they cannot change; on the
                                  local chain one of its accounts)
  CONSULATE_RATE_LIMIT_ADDRESS    requests a minute of one address without a token, at each service (60000)
  CONSULATE_RATE_LIMIT_TOKEN      requests a minute of one token, at each service (600000)
  CONSULATE_TRUSTED_PROXIES       addresses and networks whose X-Forwarded-For is believed, comma-separated (none)
  CONSULATE_OUTGOING_ALLOW        hosts of did:web documents that may be private or without TLS, comma-separated (none)
  CONSULATE_TLS_CERT, CONSULATE_TLS_KEY
                                  PEM files: certificate with its chain, and key (none: plain HTTP)
  CONSULATE_TLS                   self-signed makes both in the data folder, for development (none)
  CONSULATE_INSTANCES             a JSON file of instances, for credentials of any kind (none)
  CONSULATE_FINALITY              finalized, safe, or a depth in blocks (finalized; 2 on the local chain)
  CONSULATE_…_FILE                path of a file that holds the value of a variable: of _MASTER_KEY, _ADMIN_TOKEN,
                                  _DATABASE_URL, RELAYER_KEY, RPC_URLS
  CONSULATE_LOG_LEVEL             trace, debug, info, warn, error, fatal, silent (info)
  OTEL_EXPORTER_OTLP_ENDPOINT     collector that takes traces, OTLP over HTTP (none)`

export function addUpCommand(program: Command, env: Env): void {
  program
    .command('up')
    .description('Run a whole Consulate here, with a local chain unless CONSULATE_RPC_URLS names one, until Ctrl-C')
    .addHelpText(
      'after',
      examples(
        'consulate up',
        'CONSULATE_DATA=/var/lib/consulate consulate up --json',
        'CONSULATE_ISSUER_PORT=0 consulate up',
      ),
    )
    .addHelpText('after', VARIABLES)
    .action(async (_options: unknown, command: Command) => {
      const { runUntilStopped } = await import('../up/run-until-stopped.ts')
      const { startAll } = await import('../up/start-all.ts')
      const terminal = terminalOf(command)
      const progress = await terminal.progress('Starting')
      await runUntilStopped(
        (signal) => startAll(quietOnTerminal(env), { report: progress.update, signal }).finally(progress.stop),
        ({ endpoints }) => terminal.answer(shown(endpoints, env), describe(endpoints, env)),
      )
    })
}

function quietOnTerminal(env: Env): Env {
  return process.stderr.isTTY && !env.CONSULATE_LOG_LEVEL ? { ...env, CONSULATE_LOG_LEVEL: 'warn' } : env
}

/** Where everything is; the tokens stay in the file. */
function shown({ adminToken: _admin, verifierToken: _verifier, rpcUrl, ...endpoints }: Endpoints, env: Env) {
  const folder = dataFolder(env)
  return { ...endpoints, rpcUrl: withoutKey(rpcUrl), dataFolder: folder, endpointsFile: endpointsFile(folder) }
}

function describe({ issuer, wallet, verifier, rpcUrl, chainId, issuerDid }: Endpoints, env: Env): string[] {
  const folder = dataFolder(env)
  return [
    green('Consulate is running.'),
    ...table([
      ['issuer', `${issuer}  ${dim(issuerDid)}`],
      ['wallet', wallet],
      ['verifier', verifier],
      ['chain', `${chainId} at ${withoutKey(rpcUrl)}`],
      ['data', folder],
      ['tokens', endpointsFile(folder)],
    ]),
    `Next, in another terminal: ${bold('npx consulate role create payments.approver')}, or ${bold('npm run demo')}`,
    'Stop with Ctrl-C.',
  ]
}

/** The path and the query of an RPC URL may be an access key. */
function withoutKey(rpcUrl: string): string {
  return new URL(rpcUrl).origin
}
