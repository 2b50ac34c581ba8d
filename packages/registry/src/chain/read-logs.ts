import { type Address, formatLog, type Hex, type Log, numberToHex } from 'viem'
import { askChain } from './ask-chain.ts'
import type { ChainClient } from './chain-client.ts'

/** Inclusive at both ends. */
export interface BlockRange {
  fromBlock: number
  toBlock: number
}

export interface LogPosition {
  blockNumber: number
  blockHash: Hex
  transactionHash: Hex
  logIndex: number
}

/** Every log of the contract, or those whose first indexed value is one of these; oldest first. */
export async function readLogs(
  client: ChainClient,
  contract: Address,
  firstTopics: readonly Hex[] | undefined,
  { fromBlock, toBlock }: BlockRange,
): Promise<Log[]> {
  if (firstTopics?.length === 0) return []
  const filter = {
    address: contract,
    topics: firstTopics ? [null, [...firstTopics]] : [],
    fromBlock: numberToHex(fromBlock),
    toBlock: numberToHex(toBlock),
  }
  const logs = await askChain(
    `read the logs of ${contract} in blocks ${fromBlock} to ${toBlock}`,
    client.request({ method: 'eth_getLogs', params: [filter] }),
  )
  return logs.map((log) => formatLog(log))
}

export function positionOf(log: Log<bigint, number, false>): LogPosition {
  return {
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    transactionHash: log.transactionHash,
    logIndex: log.logIndex,
  }
}
