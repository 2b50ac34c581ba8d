import { DomainError } from '../errors.ts'
import { type Head, hashHead } from './head.ts'

/**
 * Checks that a signed head may follow another signed head of the same issuer, or is that head again. Heads between them may
 * be missing here; fetching those is the caller's business. An epoch up to `openedEpoch`, the newest that the owner of the
 * issuer's DID has opened, begins anew: its heads follow none of before.
 *
 * @throws DomainError `head_malformed` (another issuer, an epoch that nobody has opened, a version more than one above that of its `prev`),
 *   `status_rollback` (earlier epoch, version or `issuedAt`), `issuer_equivocated` (two heads for one version, or for one `prev`)
 */
export function checkSuccessor(previous: Head, next: Head, openedEpoch = previous.epoch): void {
  checkRun(previous, next, openedEpoch)
  if (next.epoch > previous.epoch) return
  const previousHash = hashHead(previous)
  if (next.version === previous.version) {
    if (hashHead(next) !== previousHash) throw equivocated(next, 'there is another head of that version')
    return
  }
  if (next.version < previous.version) throw rollback(`version ${next.version}`, `version ${previous.version}`)
  if (next.issuedAt < previous.issuedAt) throw rollback(`issuedAt ${next.issuedAt}`, `issuedAt ${previous.issuedAt}`)
  checkChain(previous, previousHash, next)
}

function checkRun(previous: Head, next: Head, openedEpoch: number): void {
  if (next.issuer !== previous.issuer) {
    throw new DomainError('head_malformed', `The head is of ${next.issuer}; expected one of ${previous.issuer}.`)
  }
  if (next.epoch < previous.epoch) throw rollback(`epoch ${next.epoch}`, `epoch ${previous.epoch}`)
  if (next.epoch > Math.max(previous.epoch, openedEpoch)) {
    throw new DomainError('head_malformed', `The head begins epoch ${next.epoch}, which only the registry can confirm.`)
  }
}

function checkChain(previous: Head, previousHash: string, next: Head): void {
  const follows = next.prev === previousHash
  if (next.version === previous.version + 1) {
    if (!follows) throw equivocated(next, 'its prev names another head than the one known')
    return
  }
  if (next.prev === previous.prev) throw equivocated(next, `it has the same prev as version ${previous.version}`)
  if (follows) {
    throw new DomainError(
      'head_malformed',
      `Head ${next.version} follows head ${previous.version}; versions have no gaps.`,
    )
  }
}

function rollback(got: string, known: string): DomainError {
  return new DomainError('status_rollback', `The head has ${got}, but ${known} is known; ask for the newest head.`)
}

function equivocated({ issuer, epoch, version }: Head, why: string): DomainError {
  return new DomainError('issuer_equivocated', `${issuer} signed head ${version} of epoch ${epoch} twice over: ${why}.`)
}
