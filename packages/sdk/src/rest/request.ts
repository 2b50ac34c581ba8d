/** An answer that is no 2xx: the problem document of the service, as an error. */
export class ServiceError extends Error {
  readonly status: number
  /** The service's stable code, such as `credential_revoked`. */
  readonly code: string
  /** Under which the log of the service knows the request. */
  readonly requestId: string | undefined

  constructor(status: number, code: string, detail: string, requestId?: string) {
    super(detail)
    this.name = 'ServiceError'
    this.status = status
    this.code = code
    this.requestId = requestId
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

/** One JSON request. Throws a ServiceError for a refusal and what `fetch` throws when there is no answer. */
export async function request<Answer>(
  endpoint: Endpoint,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  const { url, token, fetch = globalThis.fetch } = endpoint
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      Accept: 'application/json',
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (response.status === 204) return undefined as Answer
  const answer = (await response.json().catch(() => ({}))) as Answer & ProblemBody
  if (response.ok) return answer
  const problem = answer.problemDetails?.[0] ?? answer
  throw new ServiceError(
    response.status,
    problem.code ?? 'unknown',
    problem.detail ?? `${url} answered ${response.status}.`,
    response.headers.get('x-request-id') ?? undefined,
  )
}

/** One part of a path. */
export function segment(value: string): string {
  return encodeURIComponent(value)
}
