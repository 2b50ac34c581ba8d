import { DomainError, FRESHNESS, type Head, type IssuerStatus } from '@consulate/core'
import { expect } from 'chai'
import { surveyStatuses } from './survey-statuses.ts'
import { trustCheck } from './trust-check.ts'

const NOW = 1_767_225_600

describe('the survey of statuses', () => {
  const status = (change: Partial<IssuerStatus> = {}): IssuerStatus => ({
    head: { validUntil: NOW + 60 } as Head,
    lists: new Map(),
    revoked: new Map(),
    killedBefore: { issuer: 0, agents: new Map() },
    distrust: undefined,
    ageMs: 500,
    anchorLagMs: 0,
    chainAgeMs: 500,
    anchored: true,
    ...change,
  })
  const distrust = new DomainError('status_rollback', 'It went back.')
  const expired = { validUntil: NOW } as Head

  it('puts each issuer into one state, and finds the oldest evidence', () => {
    const late = status({ anchorLagMs: 900_001, chainAgeMs: 700 })
    const known = [status(), status({ ageMs: 5_001 }), status({ head: expired }), status({ distrust, ageMs: 10 }), late]
    expect(surveyStatuses([...known, undefined], NOW, FRESHNESS)).to.deep.equal({
      issuers: { fresh: 1, stale: 3, distrusted: 1, unknown: 1 },
      oldestMs: 5_001,
      anchorLagMs: 900_001,
      chainAgeMs: 700,
    })
    expect(surveyStatuses([], NOW, FRESHNESS).oldestMs).to.equal(undefined)
  })

  it('makes a verifier unready for the worst of what it knows', async () => {
    const reason = (...statuses: (IssuerStatus | undefined)[]) =>
      trustCheck({ survey: () => ({ ...surveyStatuses(statuses, NOW, FRESHNESS), unproven: 0, pushing: 0 }) })
        .assert()
        .then(
          () => 'ready',
          (error) => error.reason,
        )
    expect(await reason()).to.equal('ready')
    expect(await reason(status(), status())).to.equal('ready')
    expect(await reason(status(), status({ ageMs: 6_000 }))).to.equal('stale')
    expect(await reason(status({ ageMs: 6_000 }), undefined)).to.equal('unknown')
    expect(await reason(undefined, status({ distrust }))).to.equal('distrusted')
  })
})
