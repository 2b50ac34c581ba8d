import { untilAnswered } from './until-answered.ts'

/** An answer that is no 2xx: the problem document of the service, as an error. */
export class ServiceError extends Error {
  readonly status: number
  /** The service's stable code, such as `credential_revoked`. */
  readonly code: string
  /** Under which the log of the service knows the request. */
  readonly requestId: string | undefined

  /** Seconds after which the service wants to be asked again. */
  readonly retryAfter: number | undefined

  constructor(status: number, code: string, detail: string, requestId?: string, retryAfter?: number) {
    super(detail)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.retryAfter = retryAfter
  }
}

export interface Endpoint {
  /** The service's address, without a path. */
  url: string
  token?: string
  fetch?: typeof globalThis.fetch
}

interface ProblemBody {
  detail?: string
  code?: string
  problemDetails?: ProblemBody[]
}

/**
 * One JSON request. Whatever may change something carries an `Idempotency-Key` and is sent again, a few times, while
 * there is no answer: it is done once. Throws a ServiceError for a refusal and what `fetch` throws when there is no answer.
 */
export async function request<Answer>(
  endpoint: Endpoint,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  if (method === 'GET') return ask<Answer>(endpoint, method, path, body)
  const key = { 'Idempotency-Key': globalThis.crypto.randomUUID() }
  return untilAnswered(() => ask<Answer>(endpoint, method, path, body, key))
}

async function ask<Answer>(
  endpoint: Endpoint,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { url, token, fetch = globalThis.fetch } = endpoint
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      ...headers,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (response.status === 204) return undefined as Answer
  const answer = parse(await response.text()) as (Answer & ProblemBody) | undefined
  if (response.ok && answer !== undefined) return answer
  throw refusal(url, response, answer ?? {})
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusal(url: string, { status, headers }: Response, answer: ProblemBody): ServiceError {
  const problem = answer.problemDetails?.[0] ?? answer
  const detail = problem.detail ?? `${url} answered ${status}, not as a service of ours does.`
  const retryAfter = headers.get('Retry-After')
  return new ServiceError(
    status,
    problem.code ?? 'unknown',
    detail,
    headers.get('x-request-id') ?? undefined,
    retryAfter !== null && /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) : undefined,
  )
}

/** One part of a path. */
export function segment(value: string): string {
  return encodeURIComponent(value)
}
