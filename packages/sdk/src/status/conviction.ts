import { DomainError } from '@consulate/core'
import type { Equivocation, MemoryStore } from './issuer-memory.ts'

export type Conviction = ReturnType<typeof followConviction>

/** That an issuer contradicted itself, remembered across restarts and instances until a person clears it. */
export function followConviction(issuer: string, memory: Pick<MemoryStore, 'convict' | 'convictedEpoch'>) {
  let unsaved: Equivocation | undefined
  let epoch: number | undefined

  const look = async () => {
    if (unsaved) await memory.convict(issuer, unsaved)
    unsaved = undefined
    epoch = await memory.convictedEpoch(issuer)
  }

  return {
    look,
    /** What the chain proves, however often it is read; a person may have cleared it. */
    async learn(equivocation: Equivocation): Promise<void> {
      await memory.convict(issuer, equivocation, 'unlessCleared')
      await look()
    },
    /** Holds from here on, even while it cannot be saved. */
    async convict(equivocation: Equivocation): Promise<void> {
      unsaved = equivocation
      epoch = equivocation.epoch
      await look()
    },
    reason(): DomainError | undefined {
      if (epoch === undefined) return undefined
      return new DomainError(
        'issuer_equivocated',
        `${issuer} signed two heads of epoch ${epoch} that exclude each other; it is refused until the owner of its DID has opened a new epoch and an administrator of the verifier has cleared it.`,
      )
    },
  }
}
