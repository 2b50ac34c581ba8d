import type { AnchoredHead, Hex } from '@consulate/core'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import { type Kills, readKills } from './read-kills.ts'

export interface ChainView {
  anchored: AnchoredHead & { equivocated: boolean }
  /** Cut-offs whose signatures were checked; they are never forgotten. */
  killedBefore: Kills
}

/** Follows what the chain says of one issuer. What an RPC says unsigned (`anchored`) can only make a verifier refuse. */
export function followChain(settings: ChainSettings, reader: ChainReader, issuer: Hex) {
  const readNewKills = readKills(settings, reader, issuer)
  return async (): Promise<ChainView> => {
    const killedBefore = await readNewKills(await reader.newestBlock())
    const { epoch, version, headHash, equivocated } = await reader.status(issuer)
    return { anchored: { epoch, version, headHash, equivocated }, killedBefore }
  }
}
