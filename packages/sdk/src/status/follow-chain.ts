import { type AnchoredHead, type Hex, ISSUER_KILL_TARGET, killDigest, recoverSigner } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'

/** At most this many blocks of logs are asked for at once. */
const BLOCKS_AT_ONCE = 5_000

export interface ChainView {
  anchored: AnchoredHead & { equivocated: boolean }
  /** Cut-offs whose signatures were checked; they are never forgotten. */
  killedBefore: { issuer: number; agents: Map<string, number> }
}

/**
 * Follows what the chain says of one issuer. What an RPC says unsigned (`anchored`) can only make a verifier refuse;
 * a kill counts only with the signature of a `statusKill` delegate.
 */
export function followChain(settings: ChainSettings, reader: ChainReader, issuer: Hex) {
  const killedBefore = { issuer: 0, agents: new Map<string, number>() }
  const domain = { chainId: settings.chainId, verifyingContract: settings.statusRegistry }
  let nextBlock = 0

  const readKills = async (fromBlock: number, toBlock: number) => {
    for (const { kill, signer, signature } of await reader.kills(issuer, { fromBlock, toBlock })) {
      if (recoverSigner(killDigest(kill, domain), signature) !== signer) continue
      if (!(await reader.wasKillDelegate(issuer, signer))) continue
      if (kill.target === ISSUER_KILL_TARGET) killedBefore.issuer = Math.max(killedBefore.issuer, kill.cutoff)
      else killedBefore.agents.set(kill.target, Math.max(killedBefore.agents.get(kill.target) ?? 0, kill.cutoff))
    }
  }

  return async (): Promise<ChainView> => {
    const newest = await reader.newestBlock()
    if (newest.number < nextBlock - 1) nextBlock = 0
    while (nextBlock <= newest.number) {
      const toBlock = Math.min(nextBlock + BLOCKS_AT_ONCE - 1, newest.number)
      await readKills(nextBlock, toBlock)
      nextBlock = toBlock + 1
    }
    const { epoch, version, headHash, equivocated } = await reader.status(issuer)
    return { anchored: { epoch, version, headHash, equivocated }, killedBefore }
  }
}
