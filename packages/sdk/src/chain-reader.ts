import type { BlockRange, RegistryStatus, StatusEvent } from '@consulate/registry'
import { agree } from './agree.ts'
import type { ChainSettings } from './chain-settings.ts'
import { openChain, throughEach } from './open-chain.ts'

type Hex = `0x${string}`

/** What is looked at of a block's header: whether it follows the one that was seen last. */
export interface Block {
  number: number
  hash: string
  parentHash: string
}

/** What following an issuer needs of a chain. Every call may fail when no RPC answers. */
export interface ChainReader {
  newestBlock(): Promise<Block>
  /** Undefined when the chain has no such block. */
  blockHash(number: number): Promise<string | undefined>
  /** ERC-1056 identities that changed in these blocks. */
  changedIdentities(range: BlockRange): Promise<Hex[]>
  /** The block in which the identity changed first; undefined when it never did. */
  firstChange(identity: Hex): Promise<number | undefined>
  /** What an RPC says without a signature. */
  status(issuer: Hex): Promise<RegistryStatus>
  /** Anchors and kills as the logs tell them; whether their signatures are right is still to be checked. */
  statusEvents(issuer: Hex, range: BlockRange): Promise<StatusEvent[]>
  /** Whether a head signed by this key counts now; what two RPC URLs say, when there are several, here and below. */
  isAnchorDelegate(identity: Hex, delegate: Hex): Promise<boolean>
  /** Whether this key may open epochs. */
  isOwner(identity: Hex, signer: Hex): Promise<boolean>
  /** Whether a head signed by this key ever counted. */
  wasAnchorDelegate(identity: Hex, delegate: Hex): Promise<boolean>
  /** Whether a kill signed by this key ever counted: kills outlive the keys that made them. */
  wasKillDelegate(identity: Hex, delegate: Hex): Promise<boolean>
}

/** viem is loaded only at the first question. */
export function createChainReader(settings: ChainSettings): ChainReader {
  const { didRegistry, statusRegistry } = settings
  const open = () => openChain(settings)
  const agreed = async (about: string, ask: (chain: Awaited<ReturnType<typeof open>>) => Promise<boolean>) => {
    const asks = throughEach(settings).map((chain) => async () => ask(await openChain(chain)))
    return (await agree(asks, String, about)).value
  }
  return {
    async newestBlock() {
      const { client } = await open()
      const { number, hash, parentHash } = await client.getBlock({ blockTag: 'latest' })
      return { number: Number(number), hash, parentHash }
    },
    async blockHash(number) {
      const { client } = await open()
      try {
        return (await client.getBlock({ blockNumber: BigInt(number) })).hash
      } catch (error) {
        if ((error as Error).name === 'BlockNotFoundError') return undefined
        throw error
      }
    },
    async changedIdentities(range) {
      const { client, readDidEvents } = await open()
      const events = await readDidEvents(client, { didRegistry, ...range })
      return [...new Set(events.map(({ identity }) => identity))]
    },
    async firstChange(identity) {
      const { client, readFirstChange } = await open()
      return readFirstChange(client, { didRegistry, identity })
    },
    async status(issuer) {
      const { client, readStatus } = await open()
      return readStatus(client, { statusRegistry, issuer })
    },
    async statusEvents(issuer, range) {
      const { client, readStatusEvents } = await open()
      return readStatusEvents(client, { statusRegistry, issuer, ...range })
    },
    isAnchorDelegate: (identity, delegate) =>
      agreed(`the statusAnchor delegates of ${identity}`, ({ client, isDelegate }) =>
        isDelegate(client, { didRegistry, identity, delegateType: 'statusAnchor', delegate }),
      ),
    isOwner: (identity, signer) =>
      agreed(
        `the owner of ${identity}`,
        async ({ client, readOwner }) => (await readOwner(client, { didRegistry, identity })) === signer,
      ),
    wasAnchorDelegate: (identity, delegate) =>
      agreed(`the former statusAnchor delegates of ${identity}`, ({ client, wasDelegate }) =>
        wasDelegate(client, { didRegistry, identity, delegateType: 'statusAnchor', delegate }),
      ),
    wasKillDelegate: (identity, delegate) =>
      agreed(`the statusKill delegates of ${identity}`, ({ client, wasDelegate }) =>
        wasDelegate(client, { didRegistry, identity, delegateType: 'statusKill', delegate }),
      ),
  }
}
