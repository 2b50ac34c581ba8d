import { expect } from 'chai'
import { DomainError } from '../errors.ts'
import { checkSuccessor } from './check-successor.ts'
import { type Head, hashHead } from './head.ts'

const previous: Head = {
  issuer: '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
  epoch: 3,
  version: 10,
  prev: `0x${'01'.repeat(32)}`,
  root: `0x${'02'.repeat(32)}`,
  issuedAt: 1_790_000_000,
  validUntil: 1_790_086_400,
}
const next: Head = {
  ...previous,
  version: 11,
  prev: hashHead(previous),
  root: `0x${'03'.repeat(32)}`,
  issuedAt: 1_790_000_001,
}
const refuses = (head: Head, code: string) =>
  expect(() => checkSuccessor(previous, head))
    .to.throw(DomainError)
    .with.property('code', code)

describe('checkSuccessor', () => {
  it('accepts the next head, the same head again, and a later one whose predecessors are not at hand', () => {
    checkSuccessor(previous, next)
    checkSuccessor(previous, { ...next, issuedAt: previous.issuedAt })
    checkSuccessor(previous, { ...previous })
    checkSuccessor(previous, { ...next, version: 15, prev: `0x${'0a'.repeat(32)}` })
  })

  it('refuses another head of the same version', () => {
    for (const change of [{ root: next.root }, { prev: next.root }, { issuedAt: 1 }, { validUntil: 1 }]) {
      refuses({ ...previous, ...change }, 'issuer_equivocated')
    }
  })

  it('refuses a next head that continues another history', () => {
    refuses({ ...next, prev: `0x${'0b'.repeat(32)}` }, 'issuer_equivocated')
    refuses({ ...next, prev: previous.prev }, 'issuer_equivocated')
  })

  it('refuses a second head with one prev, at whatever version', () => {
    refuses({ ...next, version: 15, prev: previous.prev }, 'issuer_equivocated')
  })

  it('refuses a gap in the versions', () => refuses({ ...next, version: 12 }, 'head_malformed'))

  it('refuses to go back in version, epoch or time', () => {
    refuses({ ...next, version: 9 }, 'status_rollback')
    refuses({ ...next, epoch: 2 }, 'status_rollback')
    refuses({ ...next, issuedAt: previous.issuedAt - 1 }, 'status_rollback')
  })

  it('lets an epoch that was opened begin anew, and no later one', () => {
    const first = { ...next, epoch: 4, version: 1, prev: `0x${'00'.repeat(32)}` as const, issuedAt: 1 }
    checkSuccessor(previous, first, 4)
    checkSuccessor(previous, first, 5)
    for (const opened of [0, 3])
      expect(() => checkSuccessor(previous, first, opened))
        .to.throw(DomainError)
        .with.property('code', 'head_malformed')
    expect(() => checkSuccessor(previous, { ...first, issuer: `0x${'04'.repeat(20)}` }, 4)).to.throw(DomainError)
    expect(() => checkSuccessor(first, previous, 4))
      .to.throw(DomainError)
      .with.property('code', 'status_rollback')
  })

  it('refuses another issuer, and an epoch that only the registry can confirm', () => {
    refuses({ ...next, issuer: `0x${'04'.repeat(20)}` }, 'head_malformed')
    refuses({ ...next, epoch: 4 }, 'head_malformed')
  })
})
