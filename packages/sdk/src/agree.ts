import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'

export interface Agreed<T> {
  value: T
  /** Nobody who answered in time said otherwise: what is said is not on the move. */
  isUnanimous: boolean
}

/** How long the others are waited for when two agree, in milliseconds. */
const GRACE_MS = 500
/** Nodes learn of a block one after the other: for so long those who disagree are asked again, so far apart, in milliseconds. */
const PATIENCE_MS = 3_000
const PAUSE_MS = 500

/**
 * What two of several say alike (as `keyOf` spells it), because one alone may lie. A single one has nobody to agree with and is
 * believed. Throws `chain_disagreement` when no two say the same, `chain_unavailable` when fewer than two answer.
 */
export async function agree<T>(
  asks: readonly (() => Promise<T>)[],
  keyOf: (value: T) => string,
  about: string,
): Promise<Agreed<T>> {
  const [only, another] = asks
  if (only && !another) return { value: await only(), isUnanimous: true }
  const lastTry = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await askAll(asks, keyOf, about)
    } catch (error) {
      if (!isDisagreement(error) || performance.now() > lastTry) throw error
    }
    await sleep(PAUSE_MS)
  }
}

function isDisagreement(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'chain_disagreement'
}

async function askAll<T>(asks: readonly (() => Promise<T>)[], keyOf: (value: T) => string, about: string) {
  const answers = new Map<string, number>()
  const failures: unknown[] = []
  const twice = Promise.withResolvers<T>()
  const answering = asks.map(async (ask) => {
    try {
      const value = await ask()
      const count = (answers.get(keyOf(value)) ?? 0) + 1
      answers.set(keyOf(value), count)
      if (count === 2) twice.resolve(value)
    } catch (error) {
      failures.push(error)
    }
  })
  const all = Promise.all(answering).then(() => twice.reject(noAgreement(about, answers.size, failures)))
  const value = await twice.promise
  await Promise.race([all, sleep(GRACE_MS, undefined, { ref: false })])
  return { value, isUnanimous: answers.size === 1 }
}

function noAgreement(about: string, answers: number, failures: unknown[]): DomainError {
  if (answers > 1)
    return new DomainError(
      'chain_disagreement',
      `The RPC URLs contradict each other about ${about}, and none is believed alone; see which of them is wrong.`,
    )
  return new DomainError(
    'chain_unavailable',
    `Fewer than two of the RPC URLs answer about ${about}; it takes two that say the same.`,
    { cause: failures[0] },
  )
}
