import { DomainError } from '@consulate/core'
import type { Logger } from '../logger.ts'
import { recent } from './recent.ts'
import { TooLate, within } from './within.ts'

export const CHECKS = ['database', 'chain', 'trust', 'keys'] as const

export type CheckName = (typeof CHECKS)[number]

export interface Check {
  /** Throws NotReady with a reason, or a DomainError, whose code becomes the reason; anything else is `unavailable`. */
  assert(): Promise<void>
  /** What to do about it, for whoever operates the service; shown to anybody, so it names nothing. */
  fix: string
}

/** `reason` is a stable word on which clients branch; it names nothing. */
export class NotReady extends Error {
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

export type Checks = Partial<Record<CheckName, Check>>

type CheckResult = { status: 'ok' } | { status: 'failed'; reason: string; detail: string }

export interface Readiness {
  status: 'ready' | 'unready'
  checks: Partial<Record<CheckName, CheckResult>>
}

const KEEP_MS = 1_000
const LIMIT_MS = 2_000

/**
 * Answers whether a service is ready. Each check runs at most once a second and never beside itself, however many ask, and
 * has two seconds; why one failed is told to the log alone, when it changes.
 */
export function createReadiness(checks: Checks, logger: Logger): (except: readonly CheckName[]) => Promise<Readiness> {
  const runs = Object.entries(checks).map(([name, check]) => [name as CheckName, runOf(name, check, logger)] as const)
  return async (except) => {
    const asked = runs.filter(([name]) => !except.includes(name))
    const results = await Promise.all(asked.map(async ([name, run]) => [name, await run()] as const))
    const ready = results.every(([, { status }]) => status === 'ok')
    return { status: ready ? 'ready' : 'unready', checks: Object.fromEntries(results) }
  }
}

function runOf(name: string, { assert, fix }: Check, logger: Logger): () => Promise<CheckResult> {
  const latest = recent(KEEP_MS, assert)
  let before = 'ok'
  const tell = (now: string, err?: unknown) => {
    if (now === before) return
    before = now
    if (now === 'ok') logger.info({ check: name }, 'a readiness check holds again')
    else logger.warn({ check: name, reason: now, err }, 'a readiness check failed')
  }
  return async () => {
    try {
      await within(LIMIT_MS, latest())
      tell('ok')
      return { status: 'ok' }
    } catch (error) {
      const reason = reasonOf(error)
      tell(reason, error)
      return { status: 'failed', reason, detail: fix }
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotReady) return error.reason
  if (error instanceof TooLate) return 'timeout'
  return error instanceof DomainError ? error.code : 'unavailable'
}
