/** Something to be timed. `prepare` makes what one round will run, before the clock starts. */
export interface Contender {
  perRound: number
  prepare(): Operation | Promise<Operation>
}

export type Operation = () => unknown

/** The first rounds warm up the compiler and do not count. */
const WARM_UP = 0.25

/**
 * Times contenders in turns, a few operations each, so that a slow moment of the machine meets them all. Returns the
 * median over the rounds, in microseconds an operation.
 */
export async function measure<Name extends string>(
  contenders: Record<Name, Contender>,
  rounds: number,
): Promise<Record<Name, number>> {
  const entries = Object.entries<Contender>(contenders)
  const timings = new Map(entries.map(([name]) => [name, [] as number[]]))
  for (let round = -Math.ceil(rounds * WARM_UP); round < rounds; round++) {
    for (const [name, contender] of entries) {
      const microseconds = await timeRound(contender)
      if (round >= 0) timings.get(name)!.push(microseconds)
    }
  }
  const medians = entries.map(([name]) => [name, median(timings.get(name)!)])
  return Object.fromEntries(medians) as Record<Name, number>
}

async function timeRound({ perRound, prepare }: Contender): Promise<number> {
  const operations = await Promise.all(Array.from({ length: perRound }, prepare))
  const startedAt = performance.now()
  for (const operation of operations) await operation()
  return ((performance.now() - startedAt) * 1000) / perRound
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2
}
