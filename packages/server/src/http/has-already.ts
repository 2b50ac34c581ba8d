/**
 * Whether the `If-None-Match` of a GET names this entity tag (RFC 9110 §13.1.2). Express's own answer is always no when the
 * caller sends `Cache-Control: no-cache`, as every `fetch` with an `If-None-Match` does.
 */
export function hasAlready(ifNoneMatch: string | undefined, etag: string): boolean {
  const tags = ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
  return tags.includes(etag) || tags.includes('*')
}
