import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError, type EpochOpening, type Head, type Kill } from '@consulate/core'
import { expect } from 'chai'
import { type Address, type Hex, keccak256, stringToHex } from 'viem'
import { privateKeyToAccount, privateKeyToAddress, sign } from 'viem/accounts'
import { type ChainClient, createChainClient } from './chain/chain-client.ts'
import { deployRegistries } from './deploy/deploy-registries.ts'
import type { RegistryAddresses } from './deploy/registry-addresses.ts'
import { type Devnet, startDevnet } from './devnet/start-devnet.ts'
import { addDelegateDigest, encodeAddDelegateSigned, type LastingDelegate } from './did-registry/add-delegate.ts'
import type { OwnerCall } from './did-registry/owner-digest.ts'
import { readNonce } from './did-registry/read-nonce.ts'
import { readOwner } from './did-registry/read-owner.ts'
import { type Delegate, encodeRevokeDelegateSigned, revokeDelegateDigest } from './did-registry/revoke-delegate.ts'
import { broadcast } from './transaction/broadcast.ts'
import { type Call, prepareTransaction } from './transaction/prepare-transaction.ts'
import type { Receipt } from './transaction/read-receipt.ts'
import { signTransaction } from './transaction/sign-transaction.ts'
import { waitForReceipt } from './transaction/wait-for-receipt.ts'

export interface TestChain extends RegistryAddresses {
  devnet: Devnet
  client: ChainClient
}

/** A chain with both registries for the tests around it, gone after them. */
export function onDevnet(options: { chainId?: number } = {}): TestChain {
  const chain = {} as TestChain
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'consulate-registry-'))
    const devnet = await startDevnet({ ...options, stateFile: join(folder, 'chain.json') })
    const client = createChainClient({ rpcUrls: [devnet.rpcUrl], chainId: devnet.chainId })
    Object.assign(chain, { devnet, client }, await deployRegistries(client, devnet.accounts[0]!.privateKey))
  })
  after(async () => {
    await chain.devnet?.stop()
    await rm(folder, { recursive: true })
  })
  return chain
}

export interface Actor {
  address: Address
  privateKey: Hex
}

/** Always the same key for a name. */
export function actor(name: string): Actor {
  const privateKey = keccak256(stringToHex(name))
  return { privateKey, address: privateKeyToAddress(privateKey).toLowerCase() as Address }
}

/** Sent by an account that has no authority over anything. */
export async function relay({ client, devnet }: TestChain, call: Call, account = 1): Promise<Receipt> {
  const { address: from, privateKey } = devnet.accounts[account]!
  const { raw, hash } = await signTransaction(privateKey, await prepareTransaction(client, { ...call, from }))
  await broadcast(client, raw)
  return waitForReceipt(client, hash)
}

/** What the owner of an identity signs next. */
export async function ownerCall({ client, didRegistry }: TestChain, identity: Address): Promise<OwnerCall> {
  const owner = await readOwner(client, { didRegistry, identity })
  return { didRegistry, identity, nonce: await readNonce(client, { didRegistry, owner }) }
}

export async function addDelegate(chain: TestChain, owner: Actor, entry: LastingDelegate): Promise<void> {
  const call = await ownerCall(chain, owner.address)
  const signature = await signDigest(owner, addDelegateDigest(call, entry))
  await relay(chain, { to: chain.didRegistry, data: encodeAddDelegateSigned(owner.address, entry, signature) })
}

/** An issuer with a delegate of each kind, good for a year. */
export async function newIssuer(
  chain: TestChain,
  name: string,
): Promise<{ owner: Actor; anchorer: Actor; killer: Actor }> {
  const issuer = { owner: actor(name), anchorer: actor(`${name} anchorer`), killer: actor(`${name} killer`) }
  const validity = 365 * 86_400
  await addDelegate(chain, issuer.owner, { delegateType: 'statusAnchor', delegate: issuer.anchorer.address, validity })
  await addDelegate(chain, issuer.owner, { delegateType: 'statusKill', delegate: issuer.killer.address, validity })
  return issuer
}

export async function revokeDelegate(chain: TestChain, owner: Actor, entry: Delegate): Promise<void> {
  const signature = await signDigest(owner, revokeDelegateDigest(await ownerCall(chain, owner.address), entry))
  await relay(chain, { to: chain.didRegistry, data: encodeRevokeDelegateSigned(owner.address, entry, signature) })
}

export function signDigest({ privateKey }: Actor, hash: Hex): Promise<Hex> {
  return sign({ hash, privateKey, to: 'hex' })
}

/** EIP-712 by viem: a second implementation beside the one in core. */
export const headTypes = {
  Head: [
    { name: 'issuer', type: 'address' },
    { name: 'epoch', type: 'uint32' },
    { name: 'version', type: 'uint64' },
    { name: 'prev', type: 'bytes32' },
    { name: 'root', type: 'bytes32' },
    { name: 'issuedAt', type: 'uint48' },
    { name: 'validUntil', type: 'uint48' },
  ],
} as const

export interface Domain {
  chainId: number
  statusRegistry: Address
}

export function signHead({ privateKey }: Actor, head: Head, { chainId, statusRegistry }: Domain): Promise<Hex> {
  return privateKeyToAccount(privateKey).signTypedData({
    domain: { name: 'Consulate StatusRegistry', version: '1', chainId, verifyingContract: statusRegistry },
    types: headTypes,
    primaryType: 'Head',
    message: { ...head, version: BigInt(head.version) },
  })
}

export function signKill({ privateKey }: Actor, kill: Kill, { chainId, statusRegistry }: Domain): Promise<Hex> {
  return privateKeyToAccount(privateKey).signTypedData({
    domain: { name: 'Consulate StatusRegistry', version: '1', chainId, verifyingContract: statusRegistry },
    types: {
      Kill: [
        { name: 'issuer', type: 'address' },
        { name: 'scope', type: 'uint8' },
        { name: 'target', type: 'bytes32' },
        { name: 'cutoff', type: 'uint48' },
      ],
    },
    primaryType: 'Kill',
    message: kill,
  })
}

export function signEpoch(
  { privateKey }: Actor,
  opening: EpochOpening,
  { chainId, statusRegistry }: Domain,
): Promise<Hex> {
  return privateKeyToAccount(privateKey).signTypedData({
    domain: { name: 'Consulate StatusRegistry', version: '1', chainId, verifyingContract: statusRegistry },
    types: {
      OpenEpoch: [
        { name: 'issuer', type: 'address' },
        { name: 'epoch', type: 'uint32' },
      ],
    },
    primaryType: 'OpenEpoch',
    message: opening,
  })
}

export function domainOf({ devnet, statusRegistry }: TestChain): Domain {
  return { chainId: devnet.chainId, statusRegistry }
}

export async function blockTime({ client }: TestChain): Promise<number> {
  return Number((await client.getBlock()).timestamp)
}

/** Moves the chain's clock on, by seconds. */
export async function passTime({ client }: TestChain, seconds: number): Promise<void> {
  await ask(client, 'evm_increaseTime', seconds)
  await ask(client, 'evm_mine')
}

/** The timestamp of the next block. */
export async function setNextTime({ client }: TestChain, timestamp: number): Promise<void> {
  await ask(client, 'evm_setNextBlockTimestamp', timestamp)
}

/** A method of anvil's that viem's public client does not list. */
export function ask(client: ChainClient, method: string, ...params: unknown[]): Promise<unknown> {
  return client.request<{ Method: string; Parameters: unknown[]; ReturnType: unknown }>({ method, params })
}

/** Expects a DomainError of this code whose public or internal text matches. */
export async function expectRefusal(attempt: Promise<unknown>, code: string, text: RegExp): Promise<void> {
  const error = await attempt.then(
    () => expect.fail('was not refused'),
    (error: unknown) => error,
  )
  expect(error).to.be.instanceOf(DomainError)
  const { code: actual, message, reason } = error as DomainError
  expect({ code: actual }).to.deep.equal({ code })
  expect(`${message} ${reason}`).to.match(text)
}
