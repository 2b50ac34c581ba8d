export interface Recent<T> {
  (): Promise<T>
  /** Whoever asks after this shares no run that began before it. */
  forget(): void
}

/** Shares one run among all who ask while it goes on, and its outcome with those who ask within `keepMs` after it. */
export function recent<T>(keepMs: number, work: () => Promise<T>): Recent<T> {
  let latest: Promise<T> | undefined
  const begin = () => {
    const run = work()
    const forgetLater = () => {
      setTimeout(() => {
        if (latest === run) latest = undefined
      }, keepMs).unref()
    }
    run.then(forgetLater, forgetLater)
    return run
  }
  const ask = () => {
    latest ??= begin()
    return latest
  }
  const forget = () => {
    latest = undefined
  }
  return Object.assign(ask, { forget })
}
