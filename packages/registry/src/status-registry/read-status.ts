import { type Address, type Hex, zeroHash } from 'viem'
import { statusRegistryAbi } from '../abi.ts'
import { askChain } from '../chain/ask-chain.ts'
import type { ChainClient } from '../chain/chain-client.ts'

export interface RegistryStatus {
  epoch: number
  /** The newest anchored version of the epoch, 0 when there is none; beyond 2^53 − 1 rounded, and nobody's honest head. */
  version: number
  /** EIP-712 struct hash of that head. */
  headHash: Hex
  anchoredBlock: number
  /** Credentials with `validFrom` up to this second are dead; 0 when nothing was killed. */
  deadBefore: number
  equivocated: boolean
}

export interface StatusQuestion {
  statusRegistry: Address
  issuer: Address
  /** `killTarget` of an agent's DID; without it, only the issuer's own cut-off counts. */
  subject?: Hex
}

/** The word of one RPC: a reason to look closer, never evidence by itself. */
export async function readStatus(client: ChainClient, question: StatusQuestion): Promise<RegistryStatus> {
  const { statusRegistry, issuer, subject = zeroHash } = question
  const [epoch, version, headHash, anchoredBlock, deadBefore, equivocated] = await askChain(
    `read the status of ${issuer}`,
    client.readContract({
      address: statusRegistry,
      abi: statusRegistryAbi,
      functionName: 'status',
      args: [issuer, subject],
    }),
  )
  return {
    epoch,
    version: Number(version),
    headHash,
    anchoredBlock: Number(anchoredBlock),
    deadBefore,
    equivocated,
  }
}
