import { expect } from 'chai'
import fc from 'fast-check'
import { DomainError } from '../errors.ts'
import { formatDateTime, parseDateTime } from './date-time.ts'

describe('formatDateTime', () => {
  it('writes whole seconds in UTC', () => {
    expect(formatDateTime(0)).to.equal('1970-01-01T00:00:00Z')
    expect(formatDateTime(1_790_000_000)).to.equal('2026-09-21T14:13:20Z')
  })

  it('is what parseDateTime reads back', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (t) => parseDateTime(formatDateTime(t)) === t))
  })

  it('refuses milliseconds-sized, negative and fractional times', () => {
    for (const bad of [1_790_000_000_000, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => formatDateTime(bad)).to.throw(RangeError)
    }
  })
})

describe('parseDateTime', () => {
  for (const [text, seconds] of [
    ['2026-09-21T14:13:20Z', 1_790_000_000],
    ['2026-09-21T16:13:20+02:00', 1_790_000_000],
    ['2026-09-21T00:13:20-14:00', 1_790_000_000],
    ['2026-09-21T14:13:20.999999999Z', 1_790_000_000],
    ['2024-02-29T00:00:00Z', 1_709_164_800],
    ['2000-02-29T00:00:00Z', 951_782_400],
    ['1969-12-31T23:59:59Z', -1],
    ['0001-01-01T00:00:00Z', -62_135_596_800],
  ] as const) {
    it(`reads ${text} as ${seconds}`, () => expect(parseDateTime(text)).to.equal(seconds))
  }

  const bad = [
    '',
    '2026-09-21',
    '2026-09-21T14:13:20',
    '2026-09-21 14:13:20Z',
    '2026-09-21t14:13:20Z',
    '2026-09-21T14:13:20z',
  ]
  const badZone = [
    '2026-09-21T14:13:20+0200',
    '2026-09-21T14:13:20+14:01',
    '2026-09-21T14:13:20+15:00',
    '2026-09-21T14:13:20 Z',
  ]
  const badDate = [
    '2023-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
  ]
  const badTime = [
    '2026-09-21T24:00:00Z',
    '2026-09-21T23:60:00Z',
    '2026-09-21T23:59:60Z',
    '2026-09-21T14:13Z',
    '2026-09-21T14:13:20.Z',
    '2026-09-21T14:13:20,5Z',
  ]
  const badForm = [
    '+002026-09-21T14:13:20Z',
    '-2026-09-21T14:13:20Z',
    '12026-09-21T14:13:20Z',
    '1790000000',
    '2026-09-21T14:13:20Z\n',
    '２026-09-21T14:13:20Z',
  ]
  for (const text of [...bad, ...badZone, ...badDate, ...badTime, ...badForm]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => parseDateTime(text))
        .to.throw(DomainError)
        .with.property('code', 'credential_malformed')
    })
  }
})
