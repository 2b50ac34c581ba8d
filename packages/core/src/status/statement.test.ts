import { expect } from 'chai'
import type { DomainError } from '../errors.ts'
import { keysOf, NOW, newSigner, signToken } from '../presentation/signed.test.ts'
import { DELTA_TYPE, MAX_DELTA_INDICES, openDelta } from './delta.ts'
import { HEARTBEAT_TYPE, openHeartbeat } from './heartbeat.ts'

describe('what an issuer says of its status between heads', () => {
  const issuer = newSigner()
  const keys = keysOf(issuer)
  const place = { iss: issuer.did, epoch: 0, version: 7 }
  const delta = { ...place, list: 'https://issuer.example/status-lists/r', listVersion: 2, set: [5, 9] }
  const heartbeat = { ...place, head: `0x${'ab'.repeat(32)}`, readAt: NOW * 1000 }
  const codeOf = (open: () => unknown) => {
    try {
      return open() && 'opened'
    } catch (error) {
      return (error as DomainError).code
    }
  }
  const openedDelta = (claims: object, by = issuer, typ = DELTA_TYPE) =>
    codeOf(() => openDelta(signToken(by, typ, claims), keys))
  const openedHeartbeat = (claims: object, by = issuer, typ = HEARTBEAT_TYPE) =>
    codeOf(() => openHeartbeat(signToken(by, typ, claims), keys, NOW * 1000))

  it('is opened as it was signed', () => {
    expect(openDelta(signToken(issuer, DELTA_TYPE, delta), keys)).to.deep.equal(delta)
    expect(openHeartbeat(signToken(issuer, HEARTBEAT_TYPE, heartbeat), keys, NOW * 1000)).to.deep.equal(heartbeat)
  })

  it('is refused under another typ, of another signer, and when it is about another issuer', () => {
    expect(openedDelta(delta, issuer, HEARTBEAT_TYPE)).to.equal('token_type_invalid')
    expect(openedHeartbeat(heartbeat, issuer, DELTA_TYPE)).to.equal('token_type_invalid')
    expect(openedDelta(delta, issuer, 'vc+jwt')).to.equal('token_type_invalid')
    for (const other of [newSigner()]) {
      expect(openedDelta(delta, other)).to.equal('key_not_authorized')
      expect(openedHeartbeat(heartbeat, other)).to.equal('key_not_authorized')
    }
    expect(openedDelta({ ...delta, iss: newSigner().did })).to.equal('issuer_mismatch')
  })

  it('is refused with a member that is missing, more, or out of its bounds', () => {
    for (const change of [
      { set: [] },
      { set: [-1] },
      { set: [1.5] },
      { set: Array(MAX_DELTA_INDICES + 1).fill(1) },
      { clear: [1] },
      { list: '' },
      { version: undefined },
    ])
      expect(openedDelta({ ...delta, ...change }), JSON.stringify(change).slice(0, 80)).to.equal('status_malformed')
    for (const change of [{ readAt: '1' }, { readAt: -1 }, { head: '0x12' }, { validUntil: 1 }])
      expect(openedHeartbeat({ ...heartbeat, ...change })).to.equal('status_malformed')
  })

  it('is refused when it comes from more than two seconds ahead', () => {
    expect(openedHeartbeat({ ...heartbeat, readAt: NOW * 1000 + 2_000 })).to.equal('opened')
    expect(openedHeartbeat({ ...heartbeat, readAt: NOW * 1000 + 2_001 })).to.equal('heartbeat_ahead')
  })
})
