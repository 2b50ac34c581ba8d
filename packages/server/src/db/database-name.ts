/** What a database is called in messages: the path of a file; else host, port and name, as the password of a URL reaches no log. */
export function databaseName(url: string): string {
  const [, path] = /^sqlite:(.*)$/s.exec(url) ?? []
  if (path) return path
  if (!URL.canParse(url)) return 'the PostgreSQL database'
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}
