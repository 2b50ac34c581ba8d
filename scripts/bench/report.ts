/** What a bench found out. */
export interface Report {
  rows: Row[]
  /** What was measured, and under which conditions. */
  legend: string[]
  /** For machines: these names stay. */
  figures: Record<string, number | Record<string, number>>
}

interface Row extends Record<string, string | undefined> {
  what: string
  ratio?: string
  goal?: string
  met?: string
}
