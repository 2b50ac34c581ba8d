/** The environment as it is; the only place in the services that reads it. */
export function readEnv(): Record<string, string | undefined> {
  return { ...process.env }
}
