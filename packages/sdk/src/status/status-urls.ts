/** Where the newest head is. */
export function headUrl(statusUrl: string): string {
  return `${baseOf(statusUrl)}/status/head`
}

/** Where the heads after one are. */
export function headsUrl(statusUrl: string, { epoch, version }: { epoch: number; version: number }): string {
  return `${baseOf(statusUrl)}/status/heads?after=${epoch}.${version}`
}

/** Where heads are pushed from. */
export function eventsUrl(statusUrl: string): string {
  return `${baseOf(statusUrl)}/status/events`
}

/** `statusUrl` may be the issuer's address, its `/status`, or one of the routes below that. */
function baseOf(statusUrl: string): string {
  return statusUrl.replace(/\/+$/, '').replace(/\/status(\/(head|events))?$/, '')
}

/** Lists are fetched only where the trusted issuer itself is: nothing that it signs sends us elsewhere. */
export function isOwnList(statusUrl: string, list: string): boolean {
  return URL.canParse(list) && new URL(list).origin === new URL(statusUrl).origin
}
