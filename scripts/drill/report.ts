/** What a drill found out; `lost` and every problem are failures. */
export interface DrillReport {
  /** For machines: these names stay. */
  figures: Record<string, number>
  problems: string[]
}
