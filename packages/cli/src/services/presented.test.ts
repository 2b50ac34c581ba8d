import { expect } from 'chai'
import { Command, CommanderError } from 'commander'
import { type Presented, parsePresented } from './presented.ts'

const presented = { verifiablePresentation: 'a.b.c', domain: 'https://api.example', challenge: 'challenge' }

describe('what verify reads', () => {
  const parse = (text: string, options: Partial<Presented> = {}) => {
    const command = new Command().exitOverride().configureOutput({ outputError: () => undefined })
    return parsePresented(text, options, command)
  }

  it('is what present --json prints', () => {
    expect(parse(`${JSON.stringify(presented)}\n`)).to.deep.equal(presented)
  })

  it('is a compact presentation with domain and challenge as options', () => {
    const { verifiablePresentation, ...demand } = presented
    expect(parse(`${verifiablePresentation}\n`, demand)).to.deep.equal(presented)
  })

  it('lets the options count more than the document', () => {
    expect(parse(JSON.stringify(presented), { domain: 'https://mine.example' }).domain).to.equal('https://mine.example')
  })

  it('is wrong usage without a domain, without a presentation, or when it is something else', () => {
    for (const text of ['a.b.c', '', '{"a":1}', '{']) expect(() => parse(text)).to.throw(CommanderError)
  })

  it('tells of the failure of the command before it in a pipe', () => {
    const failure = JSON.stringify({ error: { code: 'unavailable', message: 'No answer from the wallet.' } })
    expect(() => parse(failure)).to.throw('No answer from the wallet.')
  })
})
