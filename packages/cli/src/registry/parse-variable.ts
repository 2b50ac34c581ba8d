import { ConfigError } from '@consulate/server'

/** The value of one variable or option. Throws a ConfigError that names it. */
export function parseVariable<Value>(name: string, value: string | undefined, schema: Schema<Value>): Value {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ConfigError([`${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}`])
}

interface Schema<Value> {
  safeParse(
    value: unknown,
  ): { success: true; data: Value } | { success: false; error: { issues: readonly { message: string }[] } }
}
