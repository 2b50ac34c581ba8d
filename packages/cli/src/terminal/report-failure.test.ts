import { DomainError } from '@consulate/core'
import { ServiceError } from '@consulate/sdk'
import { expect } from 'chai'
import { reportFailure } from './report-failure.ts'

describe('the report of a failure', () => {
  /** What is written while it is made. */
  function reported(error: unknown, json: boolean): string {
    const stream = json ? process.stdout : process.stderr
    const { write } = stream
    let written = ''
    stream.write = ((text: string) => {
      written += text
      return true
    }) as typeof write
    try {
      expect(reportFailure(error, json)).to.equal(1)
    } finally {
      stream.write = write
    }
    return written
  }

  it('names the request when a service failed, so that its log can be asked', () => {
    const failure = new ServiceError(500, 'internal', 'Something went wrong here.', 'an-id')
    expect(reported(failure, false)).to.include('Something went wrong here. (internal, request an-id)')
    expect(JSON.parse(reported(failure, true)).error).to.deep.equal({
      code: 'internal',
      message: 'Something went wrong here.',
      requestId: 'an-id',
    })
  })

  it('is short when a service refused, or there was none', () => {
    const refusal = new ServiceError(404, 'role_unknown', 'There is no role a.', 'an-id')
    expect(reported(refusal, false)).to.match(/There is no role a\. \(role_unknown\)\n$/)
    expect(JSON.parse(reported(refusal, true)).error).to.have.all.keys('code', 'message')
    expect(reported(new DomainError('unavailable', 'No answer.'), false)).to.include('No answer. (unavailable)')
  })

  it('says what failed first when several things could not be stopped', () => {
    const first = new DomainError('unavailable', 'No answer.')
    const thrice = new SuppressedError(new Error('third'), new SuppressedError(new Error('second'), first))
    expect(reported(thrice, false)).to.match(/^error: No answer\. \(unavailable\)\n$/)
  })
})
