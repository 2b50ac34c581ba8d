import { expect } from 'chai'
import { z } from 'zod'
import { describeIssue } from './describe-issue.ts'

const schema = z.strictObject({
  roles: z.array(z.string()),
  limit: z.coerce.number().optional(),
  url: z.string(),
})

describe('what is wrong with a value', () => {
  const said = (value: unknown) => describeIssue(schema.safeParse(value).error!)

  it('is told in words that say what to give, and without the value', () => {
    expect(said({ roles: ['a'] })).to.equal('url: is missing; give a string')
    expect(said({ roles: ['secret'], url: 7 })).to.equal('url: must be a string, not a number')
    expect(said({ roles: ['a'], url: null })).to.equal('url: must be a string, not null')
    expect(said({ roles: ['a'], url: 'x', limit: 'secret' })).to.equal('limit: must be a number')
    expect(said('secret')).to.equal('must be an object, not a string')
  })

  it('is told of every mistake', () => {
    expect(said({ roles: {} })).to.equal('roles: must be an array, not an object; url: is missing; give a string')
  })

  it('is told of five mistakes at most, and how many there are besides', () => {
    const parts = said({ roles: Array(100).fill(7), url: 'x' }).split('; ')
    expect(parts).to.have.lengthOf(6)
    expect(parts[4]).to.equal('roles.4: must be a string, not a number')
    expect(parts[5]).to.equal('and 95 more')
  })
})
