export interface Clocks {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number
}

/** How long ago an issuer was last known to have nothing newer than what is known. */
export function evidenceAge({ nowMs, monotonicMs }: Clocks) {
  let fresh: { readAt: number; receivedAt: number } | undefined
  return {
    /** `readAt` by the issuer's clock, in milliseconds since 1970; `receivedAt` by the one that never goes back. */
    believe(readAt: number, receivedAt: number): void {
      if (!fresh || readAt >= fresh.readAt) fresh = { readAt, receivedAt }
    },
    /** In milliseconds, by whichever clock says more; undefined when it never was known. */
    ageMs: () => fresh && Math.max(nowMs() - fresh.readAt, monotonicMs() - fresh.receivedAt),
  }
}
