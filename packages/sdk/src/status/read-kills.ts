import { type Hex, ISSUER_KILL_TARGET, killDigest, recoverSigner } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'

/** Cut-offs by target, in seconds since 1970. */
export interface Kills {
  issuer: number
  agents: Map<string, number>
}

interface Block {
  number: number
  hash: string
}

const MOST_BLOCKS = 5_000
const FEWEST_BLOCKS = 10
/** How far back is read again after a reorg; a chain that went back further is read from the beginning. */
const REORG_BLOCKS = 1_000

/**
 * Reads the kills of one issuer, those since the last time. Each counts only with the signature of a `statusKill` delegate, and
 * none is forgotten. Nothing can have been killed before the issuer's DID first changed: delegates are made by such a change.
 */
export function readKills(settings: ChainSettings, reader: ChainReader, issuer: Hex) {
  const domain = { chainId: settings.chainId, verifyingContract: settings.statusRegistry }
  const kills: Kills = { issuer: 0, agents: new Map() }
  let first: number | undefined
  let next = 0
  let seen: Block | undefined
  let atOnce = MOST_BLOCKS

  const read = async (fromBlock: number, toBlock: number) => {
    for (const { kill, signer, signature } of await reader.kills(issuer, { fromBlock, toBlock })) {
      if (recoverSigner(killDigest(kill, domain), signature) !== signer) continue
      if (!(await reader.wasKillDelegate(issuer, signer))) continue
      if (kill.target === ISSUER_KILL_TARGET) kills.issuer = Math.max(kills.issuer, kill.cutoff)
      else kills.agents.set(kill.target, Math.max(kills.agents.get(kill.target) ?? 0, kill.cutoff))
    }
  }

  /** Providers answer for a few thousand blocks at once, some for ten: after a failure the next time asks for fewer. */
  const readUpTo = async (newest: number) => {
    while (next <= newest) {
      const toBlock = Math.min(next + atOnce - 1, newest)
      const asked = toBlock - next + 1
      atOnce = Math.max(Math.floor(asked / 2), FEWEST_BLOCKS)
      await read(next, toBlock)
      atOnce = Math.min(asked * 2, MOST_BLOCKS)
      next = toBlock + 1
    }
  }

  const stands = async ({ number, hash }: Block, newest: Block) =>
    number === newest.number
      ? hash === newest.hash
      : number < newest.number && (await reader.blockHash(number)) === hash

  const goBackAfterReorg = async (newest: Block) => {
    if (!seen || (await stands(seen, newest))) return
    const isShort = newest.number > seen.number - REORG_BLOCKS
    next = isShort ? Math.max(seen.number - REORG_BLOCKS, first ?? 0) : 0
    if (!isShort) first = undefined
    seen = undefined
  }

  return async (newest: Block): Promise<Kills> => {
    await goBackAfterReorg(newest)
    first ??= await reader.firstChange(issuer)
    if (first === undefined) return kills
    next = Math.max(next, first)
    await readUpTo(newest.number)
    seen = newest
    return kills
  }
}
