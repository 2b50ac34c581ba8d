/** Where the newest head is: `statusUrl` may be the issuer's address, its `/status`, or one of the routes below that. */
export function headUrl(statusUrl: string): string {
  const base = statusUrl.replace(/\/+$/, '').replace(/\/status(\/(head|events))?$/, '')
  return `${base}/status/head`
}

/** Lists are fetched only where the trusted issuer itself is: nothing that it signs sends us elsewhere. */
export function isOwnList(statusUrl: string, list: string): boolean {
  return URL.canParse(list) && new URL(list).origin === new URL(statusUrl).origin
}
