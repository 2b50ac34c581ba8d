import { checkSuccessor, DomainError, type ErrorCode } from '@consulate/core'
import type { RememberedHead, SignedHead } from './issuer-memory.ts'

export interface LinkPorts {
  issuer: string
  /** The newest epoch that was opened. */
  openedEpoch(): number
  /** The heads that are said to follow this one. */
  between(head: SignedHead['head']): Promise<SignedHead[]>
  /** Throws unless the issuer signed this head. */
  assertSigned(head: SignedHead): Promise<void>
  /** Two heads that the issuer signed and that exclude each other. */
  convict(one: RememberedHead, other: SignedHead): Promise<void>
}

const EQUIVOCATED: ErrorCode = 'issuer_equivocated'

/**
 * Checks that a head the issuer signed follows from one that is known, head by head: each names the hash of the one before,
 * so that the last signature vouches for all. Throws what `checkSuccessor` does, and `head_malformed` for a chain with a gap.
 */
export async function linkHeads(ports: LinkPorts, known: RememberedHead, next: SignedHead): Promise<void> {
  await follow(ports, known, next, known)
  let last: RememberedHead = known
  while (last.head.epoch === next.head.epoch && last.head.version + 1 < next.head.version) {
    const page = (await ports.between(last.head)).filter(({ head }) => head.version < next.head.version)
    if (page.length === 0) throw unlinked(ports.issuer, known, next)
    for (const between of page) {
      if (between.head.version !== last.head.version + 1) throw unlinked(ports.issuer, known, next)
      await follow(ports, last, between, known)
      last = between
    }
  }
  if (last !== known) await follow(ports, last, next, known)
}

/** What only passes by is believed against the issuer when it is signed, and not before. */
async function follow(ports: LinkPorts, one: RememberedHead, other: SignedHead, known: RememberedHead) {
  try {
    checkSuccessor(one.head, other.head, ports.openedEpoch())
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== EQUIVOCATED) throw error
    if (one !== known) await ports.assertSigned(one as SignedHead)
    await ports.assertSigned(other)
    await ports.convict(one, other)
    throw error
  }
}

function unlinked(issuer: string, known: RememberedHead, next: SignedHead): DomainError {
  return new DomainError(
    'head_malformed',
    `${issuer} does not show how its head ${next.head.version} follows from head ${known.head.version}.`,
  )
}
