/** Shares one run among all who ask while it goes on, and its outcome with those who ask within `keepMs` after it. */
export function recent<T>(keepMs: number, work: () => Promise<T>): () => Promise<T> {
  let latest: Promise<T> | undefined
  const forgetLater = () => {
    setTimeout(() => {
      latest = undefined
    }, keepMs).unref()
  }
  return () => {
    if (!latest) {
      latest = work()
      latest.then(forgetLater, forgetLater)
    }
    return latest
  }
}
