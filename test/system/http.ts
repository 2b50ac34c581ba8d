import { expect } from 'chai'

export interface Request {
  method?: string
  token?: string | undefined
  /** An object is sent as JSON; text, bytes and a Blob are sent as they are, as JSON unless `type` says otherwise. */
  body?: unknown
  /** The content type; null for none. */
  type?: string | null
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  contentType: string
  /** The methods that the path takes, when it was asked with another one. */
  allow: string
  text: string
}

/** One request as any stranger could send it. */
export async function send(url: string, request: Request = {}): Promise<Answer> {
  const { method = 'GET', token, body, type = 'application/json', headers } = request
  const response = await fetch(url, {
    method,
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && type !== null && { 'Content-Type': type }),
      ...headers,
    },
    ...(body !== undefined && { body: bytesOf(body) }),
  })
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    allow: response.headers.get('allow') ?? '',
    text: await response.text(),
  }
}

const INSIDES = /node_modules|\bat .*:\d+:\d+|\.ts\b|SQLITE|TypeError|\[object/

/** `status code` of a refusal, once it is written as our problems are: what to do, and nothing of our insides. */
export function refusalOf({ status, contentType, text }: Answer): string {
  expect(contentType).to.match(/^application\/problem\+json/)
  expect(text).to.not.match(INSIDES)
  const body = JSON.parse(text)
  const problem = 'verified' in body ? problemOf(body, status) : body
  expect(problem).to.have.all.keys('type', 'title', 'status', 'detail', 'code')
  expect(problem.status).to.equal(status).and.to.be.within(400, 499)
  expect(problem.type).to.match(/^(https|urn):/)
  expect(problem.detail).to.have.length.above(20)
  return `${status} ${problem.code}`
}

/** The same of the verify routes, which answer every 400 as VCALM does and the rest as plain problems. */
export function verificationRefusalOf(answer: Answer): string {
  const isPlain = [401, 413, 415].includes(answer.status)
  expect(JSON.parse(answer.text), answer.text).to.have.property(isPlain ? 'status' : 'verified')
  return refusalOf(answer)
}

function problemOf(body: { verified: boolean; problemDetails: object[] }, status: number) {
  expect(body).to.have.all.keys('verified', 'problemDetails')
  expect(body.verified).to.equal(false)
  expect(status).to.equal(400)
  expect(body.problemDetails).to.have.lengthOf(1)
  const [problem] = body.problemDetails
  expect(problem).to.have.all.keys('type', 'title', 'detail', 'code')
  return { ...problem, status } as { type: string; title: string; status: number; detail: string; code: string }
}

function bytesOf(body: unknown): Blob | Uint8Array<ArrayBuffer> {
  if (body instanceof Blob) return body
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(JSON.stringify(body))
}
