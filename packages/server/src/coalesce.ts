export interface Coalescer {
  /** Runs `work`, or joins the one run that begins after the run under way has ended. */
  run(work: () => Promise<void>): Promise<void>
}

/** Lets callers who want the same work done share it: whoever calls during a run is served by the next one. */
export function coalesce(): Coalescer {
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (work: () => Promise<void>): Promise<void> => {
    const running = work().finally(() => {
      if (current === running) current = undefined
    })
    current = running
    return running
  }
  return {
    run(work) {
      if (!current) return next ?? begin(work)
      next ??= current
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return begin(work)
        })
      return next
    },
  }
}
