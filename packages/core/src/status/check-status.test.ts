import { expect } from 'chai'
import { DomainError } from '../errors.ts'
import { killTarget } from '../head/kill.ts'
import { NOW, newSigner, newWorld } from '../presentation/signed.test.ts'
import { checkStatus, type IssuerStatus, type StatusQuery } from './check-status.ts'

describe('the status rule', () => {
  const agent = newSigner().did
  const list = (kind: string) => `https://issuer.example/status-lists/${kind}`
  const query: StatusQuery = {
    issuer: 'did:key:issuer',
    subject: agent,
    sensitivity: 'high',
    validFrom: NOW,
    revocation: { list: list('r'), index: 5 },
    suspension: { list: list('s'), index: 6 },
  }

  let world: ReturnType<typeof newWorld>
  beforeEach(() => {
    world = newWorld()
  })

  function outcome(status: Partial<IssuerStatus> = {}, change: Partial<StatusQuery> = {}): string {
    try {
      checkStatus({ ...world.status, ...status }, { ...query, ...change }, NOW)
      return 'clear'
    } catch (error) {
      return (error as DomainError).code
    }
  }

  it('allows what is fresh and clear', () => {
    expect(outcome()).to.equal('clear')
  })

  it('refuses exactly the bit that is set', () => {
    world.set('revocation', 5)
    expect(outcome()).to.equal('credential_revoked')
    expect(outcome({}, { revocation: { list: list('r'), index: 4 } })).to.equal('clear')
    world = newWorld()
    world.set('suspension', 6)
    expect(outcome()).to.equal('credential_suspended')
  })

  it('says revoked even when the evidence is too old to say valid', () => {
    expect(outcome({ ageMs: 60_000 })).to.equal('status_stale')
    world.set('revocation', 5)
    expect(outcome({ ageMs: 60_000 })).to.equal('credential_revoked')
    expect(outcome({ distrust: new DomainError('status_rollback', 'x') })).to.equal('credential_revoked')
  })

  it('says revoked from the delta on, though no list says it yet', () => {
    const told = (list: string, index: number) => ({ revoked: new Map([[list, new Set([index])]]) })
    expect(outcome(told(list('r'), 5))).to.equal('credential_revoked')
    expect(outcome({ ...told(list('r'), 5), ageMs: 60_000 })).to.equal('credential_revoked')
    expect(outcome(told(list('r'), 4))).to.equal('clear')
    expect(outcome(told(list('s'), 6))).to.equal('clear')
  })

  it('allows a role of high sensitivity no chain that lags behind, or was not read for long', () => {
    const limits = { anchorLagMs: 900_000, chainAgeMs: 900_000 }
    expect(outcome(limits)).to.equal('clear')
    expect(outcome({ ...limits, anchorLagMs: 900_001 })).to.equal('anchor_late')
    expect(outcome({ ...limits, chainAgeMs: 900_001 })).to.equal('chain_stale')
    expect(outcome({ ...limits, chainAgeMs: Infinity })).to.equal('chain_stale')
    expect(outcome({ anchorLagMs: 900_001, chainAgeMs: Infinity }, { sensitivity: 'medium' })).to.equal('clear')
  })

  it('believes nothing of an issuer that is distrusted', () => {
    expect(outcome({ distrust: new DomainError('issuer_equivocated', 'x') })).to.equal('issuer_equivocated')
  })

  it('refuses a list that the head does not name, one for another purpose, and an index beyond its end', () => {
    expect(outcome({}, { revocation: { list: list('x'), index: 5 } })).to.equal('status_list_unknown')
    expect(outcome({}, { revocation: { list: list('s'), index: 5 } })).to.equal('status_list_mismatch')
    expect(outcome({}, { revocation: { list: list('r'), index: 131_072 } })).to.equal('status_index_out_of_range')
  })

  it('cuts an agent off up to the second of the kill and not later', () => {
    const killedBefore = { issuer: 0, agents: new Map([[killTarget(agent), NOW]]) }
    expect(outcome({ killedBefore })).to.equal('agent_killed')
    expect(outcome({ killedBefore }, { validFrom: NOW + 1 })).to.equal('clear')
    expect(outcome({ killedBefore }, { subject: newSigner().did })).to.equal('clear')
  })

  it('cuts a whole issuer off', () => {
    expect(outcome({ killedBefore: { issuer: NOW, agents: new Map() } })).to.equal('issuer_killed')
  })
})
