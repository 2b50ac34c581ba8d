/** Follows an issuer's status; `end` resolves with the longest time between two heartbeats, in milliseconds. */
export async function followHeartbeats(url: string): Promise<{ end(): Promise<number> }> {
  const stop = new AbortController()
  const response = await fetch(`${url}/status/events`, { signal: stop.signal })
  let last = performance.now()
  let longest = 0
  const note = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const reading = (async () => {
    const decoder = new TextDecoder()
    for await (const bytes of response.body!)
      if (decoder.decode(bytes, { stream: true }).includes('event: heartbeat')) note()
  })().catch(() => undefined)
  return {
    async end() {
      stop.abort()
      await reading
      note()
      return longest
    },
  }
}
