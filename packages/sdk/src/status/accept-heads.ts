import {
  checkHeadExpiry,
  checkSuccessor,
  DomainError,
  type Head,
  type Hex,
  headDigest,
  type RegistryDomain,
  recoverSigner,
} from '@consulate/core'
import type { RememberedHead, SignedHead } from './issuer-memory.ts'
import { linkHeads } from './link-heads.ts'
import { isBefore } from './place.ts'

export interface AcceptPorts {
  issuer: string
  domain: RegistryDomain
  /** Throws `head_signer_not_authorized`. */
  assertDelegate(signer: Hex): Promise<void>
  /** The newest head that the chain proves. */
  anchored(): SignedHead | undefined
  /** The newest epoch that it proves. */
  openedEpoch(): number
  /** The heads that the issuer says follow this one. */
  headsAfter(head: Head): Promise<SignedHead[]>
  convict(one: RememberedHead, other: SignedHead): Promise<void>
}

/** What is at hand when a head is looked at. */
export interface Circumstances {
  /** Heads that lead to it. */
  passed?: readonly SignedHead[]
  /** What the chain had when the issuer was asked for its newest head. */
  asked?: SignedHead | undefined
}

/** Judges heads that somebody signed in an issuer's name by what is known of it; who contradicts himself is convicted. */
export function acceptHeads(ports: AcceptPorts) {
  const { issuer, domain, openedEpoch } = ports

  const assertSigned = async ({ head, signer, signature }: SignedHead) => {
    if (recoverSigner(headDigest(head, domain), signature) !== signer)
      throw new DomainError('head_signer_not_authorized', `The head was not signed by ${signer}, whom it names.`)
    await ports.assertDelegate(signer)
  }

  const link = (known: RememberedHead, next: SignedHead, passed: readonly SignedHead[] = []) => {
    const between = async (after: Head) => {
      const shown = passed.filter(({ head }) => isBefore(after, head))
      return shown[0]?.head.version === after.version + 1 ? shown : ports.headsAfter(after)
    }
    return linkHeads({ ...ports, between, assertSigned }, known, next)
  }

  const assertOpened = ({ epoch }: Head) => {
    if (epoch < openedEpoch())
      throw new DomainError(
        'status_rollback',
        `${issuer} shows a head of epoch ${epoch}, and has opened epoch ${openedEpoch()}.`,
      )
  }

  /** What the chain has that is newer: a head that was on its way may be older, which is no step back. */
  const newerOnChain = (head: Head): SignedHead | undefined => {
    const anchored = ports.anchored()
    return anchored && isBefore(head, anchored.head) ? anchored : undefined
  }

  const followAnchored = async (anchored: SignedHead, signed: SignedHead) => {
    try {
      checkSuccessor(anchored.head, signed.head, openedEpoch())
    } catch (error) {
      if (error instanceof DomainError && error.code === 'issuer_equivocated') await ports.convict(anchored, signed)
      throw error
    }
  }

  return {
    /** Whether a head, if the issuer signed it, is the one that is known or follows from it. */
    link,
    newerOnChain,
    /** Whether a head that its issuer signed follows from all that is known, at least up to what the chain had when it was asked. */
    async accept(known: RememberedHead | undefined, signed: SignedHead, now: number, { passed, asked }: Circumstances) {
      assertOpened(signed.head)
      if (known) await link(known, signed, passed)
      const anchored = newerOnChain(signed.head) ? asked : ports.anchored()
      if (anchored) await followAnchored(anchored, signed)
      checkHeadExpiry(signed.head, now)
    },
  }
}
