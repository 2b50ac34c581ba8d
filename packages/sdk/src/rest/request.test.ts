import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { request } from './request.ts'

type Answer = (response: ServerResponse) => void

describe('a request', () => {
  let server: Server
  let url: string
  let heard: IncomingMessage[]
  let answers: Answer[]

  beforeEach(async () => {
    heard = []
    server = createServer((incoming, response) => {
      heard.push(incoming)
      answers.shift()!(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  const answer =
    (status: number, body: unknown, headers = {}): Answer =>
    (response) =>
      response.writeHead(status, headers).end(JSON.stringify(body))
  const unavailable = answer(503, { code: 'unavailable', detail: 'not now' }, { 'Retry-After': '0' })
  const hangUp: Answer = (response) => response.destroy()
  const breakOff: Answer = (response) => {
    response.writeHead(200, { 'Content-Length': '100' })
    response.write('{"done":', () => response.destroy())
  }
  const keys = () => heard.map(({ headers }) => headers['idempotency-key'])

  it('that changes something is sent again with the same key, until there is an answer', async () => {
    answers = [hangUp, unavailable, breakOff, answer(201, { done: true })]
    expect(await request({ url }, 'POST', '/things', { name: 'x' })).to.deep.equal({ done: true })
    expect(keys()).to.have.lengthOf(4)
    expect(new Set(keys()).size).to.equal(1)
    expect(keys()[0]).to.match(/^[\x21-\x7e]{1,255}$/)
  })

  it('has a key of its own each time', async () => {
    answers = [answer(200, {}), answer(200, {})]
    await request({ url }, 'PUT', '/things/x', {})
    await request({ url }, 'PUT', '/things/x', {})
    expect(new Set(keys()).size).to.equal(2)
  })

  it('is given up after four attempts, with what went wrong', async () => {
    answers = [unavailable, unavailable, hangUp, unavailable]
    const failure = await request({ url }, 'DELETE', '/things/x').catch((error) => error)
    expect(failure).to.include({ status: 503, code: 'unavailable', message: 'not now' })
    expect(heard).to.have.lengthOf(4)
  })

  it('is sent again no earlier than the service asks for', async () => {
    answers = [answer(503, {}, { 'Retry-After': '1' }), answer(200, {})]
    const began = performance.now()
    await request({ url }, 'POST', '/things', {})
    expect(performance.now() - began).to.be.at.least(990)
  })

  it('that is refused is not sent again', async () => {
    for (const status of [400, 409, 422, 500, 507]) {
      answers = [answer(status, { code: 'no', detail: 'no' })]
      expect(await request({ url }, 'POST', '/things', {}).catch((error) => error)).to.include({ status, code: 'no' })
    }
    expect(heard).to.have.lengthOf(5)
  })

  it('that its caller breaks off is not sent again', async () => {
    let attempts = 0
    const fetchAborted = () => {
      attempts++
      return Promise.reject(new DOMException('enough', 'AbortError'))
    }
    const failure = await request({ url, fetch: fetchAborted }, 'POST', '/things', {}).catch((error) => error)
    expect(failure).to.have.property('name', 'AbortError')
    expect(attempts).to.equal(1)
  })

  it('that only reads has no key, and is sent once', async () => {
    answers = [unavailable]
    expect(await request({ url }, 'GET', '/things').catch((error) => error)).to.include({ status: 503 })
    expect(keys()).to.deep.equal([undefined])
  })
})
