const STATUS_ROUTE = /\/status\/(head|heads|events)$/

/** Fetches as somebody known where an issuer tells its status, as a stranger everywhere else. */
export function createStatusFetch(
  fetch: typeof globalThis.fetch,
  statusUrl: string,
  token: () => string | undefined,
): typeof globalThis.fetch {
  const { origin } = new URL(statusUrl)
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const known = url.origin === origin && STATUS_ROUTE.test(url.pathname) ? token() : undefined
    if (known === undefined) return fetch(input, init)
    const headers = new Headers(init?.headers)
    headers.set('Authorization', `Bearer ${known}`)
    return fetch(input, { ...init, headers, redirect: 'error' })
  }
}
