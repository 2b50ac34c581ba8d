import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'chai'
import { encodeFunctionData } from 'viem'
import { didRegistryAbi } from '../abi.ts'
import { createChainClient } from '../chain/chain-client.ts'
import { deployRegistries } from '../deploy/deploy-registries.ts'
import { readDidEvents } from '../did-registry/read-did-events.ts'
import { ask, expectRefusal } from '../on-devnet.test.ts'
import { broadcast } from '../transaction/broadcast.ts'
import { prepareTransaction } from '../transaction/prepare-transaction.ts'
import { readReceipt } from '../transaction/read-receipt.ts'
import { signTransaction } from '../transaction/sign-transaction.ts'
import { waitForReceipt } from '../transaction/wait-for-receipt.ts'
import { anvilProgram } from './anvil-program.ts'
import { commandLine } from './command-line.ts'
import { type Devnet, type DevnetOptions, startDevnet } from './start-devnet.ts'

describe('the local chain', () => {
  const started: { stop(): Promise<void> }[] = []
  let folder: string
  let stateFile: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consulate-devnet-'))
    stateFile = join(folder, 'chain.json')
  })

  afterEach(async () => {
    await Promise.all(started.splice(0).map((process) => process.stop()))
    await rm(folder, { recursive: true })
  })

  async function start(options: Partial<DevnetOptions> = {}): Promise<Devnet> {
    const devnet = await startDevnet({ stateFile, ...options })
    started.push(devnet)
    return devnet
  }

  /** A program that starts the devnet, mines `blocks`, says so, and then goes on until it is killed; Ctrl-C is not enough. */
  async function startUser(blocks: number): Promise<{ user: ChildProcess; anvil: number }> {
    const program = `
      process.on('SIGINT', () => {})
      const { startDevnet } = await import(${JSON.stringify(new URL('./start-devnet.ts', import.meta.url))})
      const { rpcUrl, pid } = await startDevnet({ stateFile: ${JSON.stringify(stateFile)} })
      const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'anvil_mine', params: [${blocks}] })
      await fetch(rpcUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      console.log(pid)`
    const args = [...process.execArgv, '--conditions=@consulate/source', '--input-type=module', '--eval', program]
    const user = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
    started.push({
      stop: async () => {
        user.kill('SIGKILL')
      },
    })
    const [line] = await once(user.stdout!, 'data')
    return { user, anvil: Number(line) }
  }

  async function blockNumber({ rpcUrl, chainId }: Devnet): Promise<number> {
    return Number(await createChainClient({ rpcUrls: [rpcUrl], chainId }).getBlockNumber())
  }

  async function mine({ rpcUrl, chainId }: Devnet, blocks: number): Promise<void> {
    await ask(createChainClient({ rpcUrls: [rpcUrl], chainId }), 'anvil_mine', blocks)
  }

  async function expectGone(pid: number): Promise<void> {
    const deadline = performance.now() + 5_000
    while ((await commandLine(pid)) !== '') {
      if (performance.now() > deadline) expect.fail(`process ${pid} lives on`)
      await delay(50)
    }
  }

  it('answers with its chain id, has funded accounts, and leaves nothing running', async () => {
    const devnet = await start()
    const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: 31337 })
    expect(await client.getChainId()).to.equal(31337)
    const { accounts } = devnet
    expect(accounts).to.have.length(10)
    for (const { address } of accounts) expect(await client.getBalance({ address })).to.equal(10_000n * 10n ** 18n)
    expect(await commandLine(devnet.pid)).to.include(stateFile)
    await devnet.stop()
    await devnet.stop()
    expect(await commandLine(devnet.pid)).to.equal('')
    expect(await devnet.exited).to.equal(0)
  })

  it('continues where it stopped, with the same genesis, contracts, receipts and logs', async () => {
    const first = await start()
    const chain = () => createChainClient({ rpcUrls: [first.rpcUrl], chainId: 31337 })
    const genesis = await chain().getBlock({ blockNumber: 0n })
    const { didRegistry } = await deployRegistries(chain(), first.accounts[0]!.privateKey)
    const identity = first.accounts[1]!.address
    const data = encodeFunctionData({ abi: didRegistryAbi, functionName: 'changeOwner', args: [identity, didRegistry] })
    const prepared = await prepareTransaction(chain(), { from: identity, to: didRegistry, data })
    const { raw, hash } = await signTransaction(first.accounts[1]!.privateKey, prepared)
    await broadcast(chain(), raw)
    const receipt = await waitForReceipt(chain(), hash)
    await first.stop()

    await start({ port: first.port })
    expect(await chain().getBlock({ blockNumber: 0n })).to.deep.equal(genesis)
    expect(await chain().getCode({ address: didRegistry })).to.have.length.greaterThan(1000)
    expect(await readReceipt(chain(), hash)).to.deep.equal(receipt)
    const range = { fromBlock: 0, toBlock: receipt.blockNumber }
    const [event] = await readDidEvents(chain(), { didRegistry, identities: [identity], ...range })
    expect(event).to.include({ type: 'ownerChanged', owner: didRegistry, blockHash: receipt.blockHash })
  })

  it('writes nothing outside the folder of its state file', async () => {
    const devnet = await start()
    await mine(devnet, 600) // more than it keeps in memory
    expect(await readdir(folder)).to.include('chain.json.cache')
    await devnet.stop()
  })

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`ends with its state written when its user dies of ${signal}`, async () => {
      const { user, anvil } = await startUser(5)
      expect(await commandLine(anvil)).to.include(stateFile)
      user.kill(signal)
      await expectGone(anvil)
      expect(await blockNumber(await start())).to.equal(5)
    })
  }

  it('starts at once after its user was killed, while the old chain is still stopping', async () => {
    const { user } = await startUser(5)
    user.kill('SIGKILL')
    expect(await blockNumber(await start())).to.equal(5)
  })

  it('survives the Ctrl-C that its user is still busy with', async () => {
    const { user, anvil } = await startUser(1)
    process.kill(-user.pid!, 'SIGINT') // a terminal sends it to the whole process group
    await delay(500)
    expect(await commandLine(anvil)).to.include(stateFile)
    user.kill('SIGKILL')
    await expectGone(anvil)
  })

  it('starts over a lock file that is cut short', async () => {
    await writeFile(`${stateFile}.lock`, '{"gua')
    await start()
  })

  it('ends an anvil that lost guard and user', async () => {
    const { user, anvil } = await startUser(3)
    const { guard } = JSON.parse(await readFile(`${stateFile}.lock`, 'utf8'))
    process.kill(guard, 'SIGKILL')
    user.kill('SIGKILL')
    await once(user, 'exit')
    expect(await commandLine(anvil)).to.include(stateFile)
    const devnet = await start()
    await expectGone(anvil)
    expect(await blockNumber(devnet)).to.equal(3)
  })

  it('ends anvil when only the guard is killed, and says that it ended', async () => {
    const devnet = await start()
    const { guard } = JSON.parse(await readFile(`${stateFile}.lock`, 'utf8'))
    process.kill(guard, 'SIGKILL')
    await devnet.exited
    await expectGone(devnet.pid)
  })

  it('says that it ended when anvil itself is killed', async () => {
    const devnet = await start()
    process.kill(devnet.pid, 'SIGKILL')
    expect(await devnet.exited).to.not.equal(0)
  })

  it('does not take the number of a finished process for its own', async () => {
    await writeFile(`${stateFile}.lock`, JSON.stringify({ guard: process.pid, anvil: process.pid }))
    await start()
  })

  it('refuses a state file that another chain is using', async () => {
    await start()
    await expectRefusal(startDevnet({ stateFile }), 'unavailable', /is in use by process \d+: stop that one first/)
  })

  it('refuses a port that is in use, naming it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    await expectRefusal(
      startDevnet({ stateFile, port }),
      'unavailable',
      new RegExp(`Port ${port} on 127.0.0.1 is in use`),
    )
    server.close()
    await once(server, 'close')
    expect((await start({ port })).port).to.equal(port)
  })

  it('goes back to the last start when a crash cut the state short, and says so', async () => {
    const first = await start()
    await mine(first, 4)
    await first.stop()
    await (await start()).stop()
    await truncate(stateFile, 100)
    const said: string[] = []
    expect(await blockNumber(await start({ log: (message) => said.push(message) }))).to.equal(4)
    expect(said.join()).to.match(/was cut short: the local chain goes back/)
  })

  it('begins anew when there is nothing to go back to, and says so', async () => {
    await writeFile(stateFile, '{"block":')
    const said: string[] = []
    expect(await blockNumber(await start({ log: (message) => said.push(message) }))).to.equal(0)
    expect(said.join()).to.match(/begins anew/)
  })

  it('begins anew when the state file was removed', async () => {
    const first = await start()
    await mine(first, 4)
    await first.stop()
    await (await start()).stop()
    await rm(stateFile)
    expect(await blockNumber(await start())).to.equal(0)
  })

  it('refuses a transaction with more gas than Ethereum allows', async () => {
    const devnet = await start()
    const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: 31337 })
    const [from, to] = devnet.accounts.map(({ address }) => address)
    const tooMuch = ask(client, 'eth_sendTransaction', { from, to, gas: `0x${(2 ** 24 + 1).toString(16)}` })
    expect(await tooMuch.catch((error: Error) => error.message)).to.match(/gas/i)
  })

  it('finds anvil', async () => {
    expect(anvilProgram()).to.match(/anvil$/)
  })
})
