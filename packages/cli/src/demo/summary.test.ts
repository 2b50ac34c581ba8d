import { expect } from 'chai'
import { type Seen, summarize } from './summary.ts'

const seen: Seen = {
  instance: 'temporary',
  agents: 3,
  createMs: 1,
  presentMs: 1,
  presented: 3,
  hijack: {
    revokeMs: 1,
    firstRefusalMs: 1,
    anchoredMs: 1,
    refusal: 'credential_revoked',
    passedMeanwhile: 0,
    passedAgain: false,
    block: 1,
    txHash: '0x',
  },
  othersDuring: { presentations: 9, refused: 0, slowestMs: 1 },
  othersPassedAfter: 2,
  thefts: [{ attempt: 'as_itself', refusal: 'subject_mismatch' }],
  totalMs: 1,
}

describe('the demo', () => {
  it('is right only when every claim held', () => {
    expect(summarize(seen).ok).to.equal(true)
    const failures: Partial<Seen>[] = [
      { presented: 2 },
      { othersPassedAfter: 1 },
      { othersDuring: { ...seen.othersDuring, refused: 1 } },
      { othersDuring: { ...seen.othersDuring, presentations: 0 } },
      { hijack: { ...seen.hijack, passedAgain: true } },
      { hijack: { ...seen.hijack, refusal: 'status_stale' } },
      { hijack: { ...seen.hijack, block: undefined } },
      { thefts: [{ attempt: 'as_itself', refusal: undefined }] },
      { thefts: [{ attempt: 'as_itself', refusal: 'challenge_expired' }] },
    ]
    for (const failure of failures)
      expect(summarize({ ...seen, ...failure }).ok, JSON.stringify(failure)).to.equal(false)
  })
})
