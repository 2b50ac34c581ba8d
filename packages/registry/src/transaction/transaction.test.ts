import { expect } from 'chai'
import { keccak256, parseTransaction } from 'viem'
import { createChainClient } from '../chain/chain-client.ts'
import { readOwner } from '../did-registry/read-owner.ts'
import { actor, ask, expectRefusal, onDevnet } from '../on-devnet.test.ts'
import { encodeKill } from '../status-registry/kill.ts'
import { broadcast } from './broadcast.ts'
import { outbidTransaction } from './outbid-transaction.ts'
import { prepareTransaction, type TransactionIntent } from './prepare-transaction.ts'
import { readReceipt } from './read-receipt.ts'
import { signTransaction } from './sign-transaction.ts'
import { waitForReceipt } from './wait-for-receipt.ts'

describe('sending a transaction', () => {
  const chain = onDevnet()
  const to = actor('somebody').address
  const data = '0x' as const

  afterEach(async () => {
    await ask(chain.client, 'evm_setAutomine', true)
    await ask(chain.client, 'evm_mine')
  })

  function prepare(fields: Partial<TransactionIntent> = {}) {
    return prepareTransaction(chain.client, { from: chain.devnet.accounts[0]!.address, to, data, ...fields })
  }

  async function sign(transaction: Awaited<ReturnType<typeof prepare>>) {
    return signTransaction(chain.devnet.accounts[0]!.privateKey, transaction)
  }

  it('has raw bytes and hash before anything is sent', async () => {
    const prepared = await prepare()
    const { raw, hash } = await sign(prepared)
    expect(hash).to.equal(keccak256(raw))
    expect(parseTransaction(raw)).to.include({ nonce: prepared.nonce, gas: prepared.gas, chainId: 31337 })
    expect(await readReceipt(chain.client, hash)).to.equal(undefined)
  })

  it('can be sent again while it waits and after it was mined', async () => {
    await ask(chain.client, 'evm_setAutomine', false)
    const { raw, hash } = await sign(await prepare())
    expect(await broadcast(chain.client, raw)).to.equal('accepted')
    expect(await broadcast(chain.client, raw)).to.equal('accepted')
    await ask(chain.client, 'evm_mine')
    expect(await waitForReceipt(chain.client, hash)).to.include({ status: 'success' })
    expect(await broadcast(chain.client, raw)).to.equal('accepted')
  })

  it('says so when another transaction took the nonce', async () => {
    const prepared = await prepare()
    const winner = await sign(prepared)
    const loser = await sign({ ...prepared, to: actor('somebody else').address })
    await broadcast(chain.client, winner.raw)
    await waitForReceipt(chain.client, winner.hash)
    expect(await broadcast(chain.client, loser.raw)).to.equal('nonce_used')
  })

  it('counts what waits: the next nonce follows the pending one', async () => {
    await ask(chain.client, 'evm_setAutomine', false)
    const prepared = await prepare()
    await broadcast(chain.client, (await sign(prepared)).raw)
    expect((await prepare()).nonce).to.equal(prepared.nonce + 1)
  })

  it('outbids a waiting one by at least 12.5 % when the chain asks for more, and not for the same price', async () => {
    await ask(chain.client, 'evm_setAutomine', false)
    const waiting = await prepare()
    const first = await sign(waiting)
    await broadcast(chain.client, first.raw)
    const samePrice = await sign({ ...waiting, to: actor('somebody else').address })
    expect(await broadcast(chain.client, samePrice.raw)).to.equal('underpriced')
    expect(await outbidTransaction(chain.client, first.raw)).to.equal(undefined)
    await ask(chain.client, 'anvil_setNextBlockBaseFeePerGas', `0x${(2n * waiting.maxFeePerGas).toString(16)}`)
    await ask(chain.client, 'evm_mine')
    const next = (await outbidTransaction(chain.client, first.raw))!
    const { nonce, gas } = waiting
    expect(next).to.include({ to, data, nonce, gas })
    expect(Number(next.maxFeePerGas) / Number(waiting.maxFeePerGas)).to.be.at.least(1.125)
    expect(Number(next.maxPriorityFeePerGas) / Number(waiting.maxPriorityFeePerGas)).to.be.at.least(1.125)
    const { raw, hash } = await sign(next)
    expect(await broadcast(chain.client, raw)).to.equal('accepted')
    await ask(chain.client, 'evm_mine')
    expect(await waitForReceipt(chain.client, hash)).to.include({ status: 'success' })
    expect(await readReceipt(chain.client, (await sign(waiting)).hash)).to.equal(undefined)
  })

  it('is refused with the reason of the contract before it costs anything', async () => {
    const kill = { issuer: to, scope: 2, target: `0x${'00'.repeat(32)}`, cutoff: 1 } as const
    const intent = { to: chain.statusRegistry, data: encodeKill(kill, to, '0x') }
    const text = new RegExp(`NotDelegate\\(${to}, 0x7374617475734b696c6c0+, ${to}\\)`, 'i')
    await expectRefusal(prepare(intent), 'key_not_authorized', text)
  })

  it('says that the account which pays needs money', async () => {
    const { raw } = await signTransaction(actor('poor').privateKey, await prepare({ from: actor('poor').address }))
    await expectRefusal(broadcast(chain.client, raw), 'chain_unavailable', /fund the account that pays/)
  })

  it('tells a chain that is away from a contract that refuses, without the RPC URL', async () => {
    const client = createChainClient({ rpcUrls: ['http://127.0.0.1:1/secret-access-key'], chainId: 31337 })
    const attempt = readOwner(client, { didRegistry: chain.didRegistry, identity: to })
    await expectRefusal(attempt, 'chain_unavailable', /^(?!.*secret-access-key).*check the RPC URLs/s)
    await expectRefusal(broadcast(client, '0x02'), 'chain_unavailable', /^(?!.*secret-access-key).*check the RPC URLs/s)
  })
})
