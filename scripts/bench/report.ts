/** What a bench found out. */
export interface Report {
  rows: Row[]
  /** What was measured, and under which conditions. */
  legend: string[]
  /** For machines: these names stay. */
  figures: Record<string, number>
}

interface Row {
  what: string
  median: string
  ratio?: string
  goal?: string
  met?: string
}
