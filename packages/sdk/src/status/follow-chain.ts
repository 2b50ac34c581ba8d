import { type Hex, hashHead } from '@consulate/core'
import type { RegistryStatus } from '@consulate/registry'
import type { ChainReader } from '../chain-reader.ts'
import type { ChainSettings } from '../chain-settings.ts'
import { type RegistryEvidence, readEvidence } from './read-evidence.ts'

/** What an RPC says of an issuer without a signature. */
export type ChainClaim = Pick<RegistryStatus, 'epoch' | 'version' | 'headHash' | 'equivocated'>

export interface ChainView extends RegistryEvidence {
  /** Never believed: it can tell that an anchor is gone, and otherwise only raise an alarm. */
  claim: ChainClaim
  /** Whether it says more than the signed events prove, and said so the last time as well. */
  isUnproven: boolean
}

/** Follows what the chain says of one issuer, block by block: as long as no block is new, there is nothing new to ask for. */
export function followChain(settings: ChainSettings, reader: ChainReader, issuer: Hex) {
  const readNewEvidence = readEvidence(settings, reader, issuer)
  let last: { block: string; view: ChainView } | undefined
  return async (): Promise<ChainView> => {
    const { hash } = await reader.newestBlock()
    if (last?.block === hash && !saysMore(last.view.claim, last.view)) return last.view
    const { epoch, version, headHash, equivocated } = await reader.status(issuer)
    const claim = { epoch, version, headHash, equivocated }
    const evidence = await readNewEvidence(await reader.newestBlock())
    // One node may be ahead of another for a moment.
    const isUnproven = [last?.view.claim, claim].every((said) => said && saysMore(said, evidence))
    last = { block: hash, view: { ...evidence, claim, isUnproven } }
    return last.view
  }
}

function saysMore({ epoch, version, headHash, equivocated }: ChainClaim, evidence: RegistryEvidence): boolean {
  const { openedEpoch } = evidence
  const anchored = evidence.anchored && evidence.anchored.head.epoch >= openedEpoch ? evidence.anchored.head : undefined
  const proved = anchored ?? { epoch: openedEpoch, version: 0 }
  if ((equivocated && !evidence.equivocations.has(epoch)) || epoch > proved.epoch) return true
  if (epoch < proved.epoch || version < proved.version) return false
  return version > proved.version || (anchored !== undefined && headHash !== hashHead(anchored))
}
