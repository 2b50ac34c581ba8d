const MAX_QUOTED = 100

/** A value as it may stand in a message: JSON, so without raw control characters, and cut to 100 characters. */
export function quote(value: unknown): string {
  const shortened = typeof value === 'string' ? value.slice(0, MAX_QUOTED + 1) : value
  const text = JSON.stringify(shortened) ?? String(value)
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text
}
