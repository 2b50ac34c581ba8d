import { dim } from './style.ts'

/** Labels and values in two columns; rows without a value are left out. */
export function table(rows: readonly (readonly [label: string, value: string | number | undefined])[]): string[] {
  const shown = rows.filter(([, value]) => value !== undefined)
  const width = Math.max(...shown.map(([label]) => label.length))
  return shown.map(([label, value]) => `  ${dim(label.padEnd(width))}  ${value}`)
}
