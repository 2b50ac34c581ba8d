import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expectDescribed, expectNothingOf } from './described.ts'
import { until } from './start-system.ts'

export interface ServicesProcess {
  issuer: string
  wallet: string
  verifier: string
  issuerDid: string
  /** All that was written to standard output and standard error so far. */
  log(): string
  /** Ends it and answers with its exit code. */
  end(): Promise<number | null>
  /** SIGKILL: whatever it was doing stops there. */
  kill(): Promise<unknown>
}

/** The three services in a process of their own, so that all they write can be read. */
export async function runServices(env: Record<string, string>): Promise<ServicesProcess> {
  const script = fileURLToPath(import.meta.resolve('./run-services.ts'))
  const child = spawn(process.execPath, ['--conditions=@consulate/source', script], { env: { ...process.env, ...env } })
  const urls: string[] = []
  const ended = once(child, 'exit').then(([code]) => {
    for (const url of urls) expectNothingOf(url)
    return code as number | null
  })
  let out = ''
  let log = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
  })
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  await until(async () => out.includes('\n') || child.exitCode !== null, 30_000)
  if (child.exitCode !== null) throw new Error(`the services ended with ${child.exitCode}: ${log}`)
  const where = JSON.parse(out)
  urls.push(where.issuer, where.wallet, where.verifier)
  for (const url of urls) await expectDescribed(url)
  return {
    ...where,
    log: () => out + log,
    end() {
      child.kill('SIGTERM')
      return ended
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
