import { Gauge, type Registry } from 'prom-client'
import { recent } from '../recent.ts'
import { within } from '../within.ts'

const KEEP_MS = 1_000
const LIMIT_MS = 2_000

export interface Reading {
  help: string
  /** The name of its label, when it has a value for each of a few words. */
  label?: string
}

type Values<Readings> = {
  [Name in keyof Readings]: Readings[Name] extends { label: string } ? Record<string, number> : number
}

/**
 * Gauges that are read together when they are scraped: at most once a second, for two seconds at the longest. What could
 * not be read is NaN, or absent when it has a label: never an old value.
 */
export function registerReadings<const Readings extends Record<string, Reading>>(
  registry: Registry,
  readings: Readings,
  read: () => Promise<Values<Readings>>,
): void {
  const latest = recent(KEEP_MS, read)
  for (const [name, { help, label }] of Object.entries(readings)) {
    new Gauge({
      name,
      help,
      labelNames: label === undefined ? [] : [label],
      registers: [registry],
      async collect() {
        const values = await within(LIMIT_MS, latest()).catch(() => undefined)
        const value: number | Record<string, number> | undefined = values?.[name]
        if (label === undefined) this.set(typeof value === 'number' ? value : Number.NaN)
        else {
          this.reset()
          for (const [word, number] of Object.entries(value ?? {})) this.set({ [label]: word }, number)
        }
      },
    })
  }
}
