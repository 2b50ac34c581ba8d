const SHORTEST = 6

/** Takes out of a text whatever of an RPC URL could be an access key, should a server repeat it. */
export function redactorOf(url: string): (text: string) => string {
  const { username, password, pathname, searchParams, hash } = new URL(url)
  const parts = [username, password, ...pathname.split('/'), ...searchParams.values(), hash.slice(1)]
  const secrets = [...parts, ...parts.map(decoded)].filter((part) => part.length >= SHORTEST)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
