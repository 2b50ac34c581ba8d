import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createChainClient, type Devnet, registryAddresses, startDevnet } from '@consulate/registry'
import { expect } from 'chai'

const program = fileURLToPath(new URL('../../bin/consulate.js', import.meta.url))
const POOR = `0x${'ab'.repeat(32)}`
const SECRET = 'a-secret-access-key'

describe('consulate registry deploy', () => {
  let folder: string
  let devnet: Devnet
  let keyFile: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-deploy-'))
    devnet = await startDevnet({ stateFile: join(folder, 'chain.json'), chainId: 84532 })
    keyFile = join(folder, 'deployer.key')
    writeFileSync(keyFile, `${devnet.accounts[0]!.privateKey}\n`, { mode: 0o600 })
  })
  after(async () => {
    await devnet?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const { didRegistry, statusRegistry } = registryAddresses()

  it('says what it would cost, and changes nothing', async () => {
    const { code, document } = await deploy(['--rpc-url', devnet.rpcUrl, '--dry-run', '--json'])
    expect(code).to.equal(0)
    expect(document).to.include({ chainId: 84532, didRegistry, statusRegistry })
    expect(document.missing).to.deep.equal(['ERC-1056', 'StatusRegistry'])
    expect(document.gas).to.be.above(1_000_000)
    expect(Number(document.costWei)).to.be.above(document.gas)
    const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: 84532 })
    expect(await client.getCode({ address: statusRegistry })).to.equal(undefined)
  })

  it('asks for money by address and amount', async () => {
    const { code, out, err } = await deploy(['--rpc-url', devnet.rpcUrl], { CONSULATE_DEPLOYER_KEY: POOR })
    expect({ code, out }).to.deep.equal({ code: 1, out: '' })
    expect(err).to.match(/^error: 0x[0-9a-f]{40} has 0 ETH on chain 84532 and needs up to 0\.\d+ ETH: fund/)
    expect(err).to.not.include(POOR)
  })

  it('deploys, and prints an environment file', async () => {
    const { code, out, err } = await deploy(['--rpc-url', devnet.rpcUrl, '--private-key-file', keyFile])
    expect({ code, err }).to.deep.equal({ code: 0, err: '' })
    const [first, second, ...lines] = out.trimEnd().split('\n')
    expect(first).to.match(/^# ERC-1056 is new: block \d+, transaction 0x[0-9a-f]{64}, \d+ gas$/)
    expect(second).to.match(/^# StatusRegistry is new: /)
    expect(lines).to.deep.equal([
      `CONSULATE_RPC_URLS=${devnet.rpcUrl}`,
      'CONSULATE_CHAIN_ID=84532',
      `CONSULATE_DID_REGISTRY=${didRegistry}`,
      `CONSULATE_STATUS_REGISTRY=${statusRegistry}`,
    ])
  })

  it('sees what is there already, and needs no money for that', async () => {
    const env = { CONSULATE_DEPLOYER_KEY: POOR, CONSULATE_RPC_URLS: devnet.rpcUrl, CONSULATE_CHAIN_ID: '84532' }
    const { code, document } = await deploy(['--json'], env)
    expect(code).to.equal(0)
    expect(document.contracts).to.deep.equal([
      { name: 'ERC-1056', address: didRegistry },
      { name: 'StatusRegistry', address: statusRegistry },
    ])
    expect(document.env).to.have.all.keys(
      'CONSULATE_RPC_URLS',
      'CONSULATE_CHAIN_ID',
      'CONSULATE_DID_REGISTRY',
      'CONSULATE_STATUS_REGISTRY',
    )
  })

  it('refuses another chain, URLs of several chains, a chain that is away, and no key, without a word of secrets', async () => {
    const other = createServer((_, response) => response.end('{"jsonrpc":"2.0","id":1,"result":"0x1"}'))
    await once(other.listen(0, '127.0.0.1'), 'listening')
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}/${SECRET}`
    const here = `${devnet.rpcUrl}/?key=${SECRET}`
    const key = ['--private-key-file', keyFile]
    const refusals: [string[], RegExp][] = [
      [['--rpc-url', here, '--chain-id', '1', ...key], /is on chain 84532, not 1: .*\(chain_unavailable\)$/],
      [['--rpc-url', here, elsewhere, ...key], /is on chain 84532: .*\n.*is on chain 1: give RPC URLs of one chain/],
      [['--rpc-url', `http://${SECRET}:x@127.0.0.1:1/${SECRET}`, ...key], /No answer from 127.0.0.1:1 \(/],
      [['--rpc-url', `ws://127.0.0.1/${SECRET}`, ...key], /--rpc-url must be http or https URLs/],
      [['--rpc-url', here], /name its key with --private-key-file, or set CONSULATE_DEPLOYER_KEY/],
      [['--rpc-url', here, '--private-key-file', `${keyFile}.missing`], /cannot be read \(ENOENT\)/],
      [key, /CONSULATE_RPC_URLS is missing/],
    ]
    const said = await refusalsOf(refusals.map(([args]) => args))
    expect(said).to.have.lengthOf(refusals.length)
    for (const [index, [, text]] of refusals.entries())
      expect(said[index]!.trimEnd()).to.match(text).and.to.not.include(SECRET)
    other.close()
  })

  async function deploy(args: string[], more: NodeJS.ProcessEnv = {}) {
    const ended = await run([program, 'registry', 'deploy', ...args], more)
    return { ...ended, document: args.includes('--json') ? JSON.parse(ended.out) : undefined }
  }

  /** What each of these says, one after the other in one process: to load it takes far longer than a refusal. */
  async function refusalsOf(commands: string[][]): Promise<string[]> {
    const script = `import { main } from ${JSON.stringify(new URL('../main.ts', import.meta.url))}
      for (const args of ${JSON.stringify(commands)})
        console.error('left with', await main(['node', 'consulate', 'registry', 'deploy', ...args]))`
    const { code, out, err } = await run(['--input-type=module', '--eval', script])
    expect({ code, out }, err).to.deep.equal({ code: 0, out: '' })
    const said = err.split('left with 1\n')
    expect(said.pop()).to.equal('')
    return said
  }

  async function run(args: string[], more: NodeJS.ProcessEnv = {}) {
    const { PATH, NODE_COMPILE_CACHE } = process.env
    const env = { PATH, NODE_COMPILE_CACHE, CONSULATE_DATA: folder, ...more }
    const child = spawn(process.execPath, ['--conditions=@consulate/source', ...args], { env })
    child.stdin.end()
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    return { code, out, err }
  }
})
