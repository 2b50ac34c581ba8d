import { type Repeating, repeat } from '@consulate/server'
import { compareWithChain } from '../use-cases/compare-with-chain.ts'

const EVERY_MS = 2_000

/** Looks again and again whether the chain has a head that the database lacks. */
export function compareOften(ctx: Parameters<typeof compareWithChain>[0]): Repeating {
  return repeat(
    () => compareWithChain(ctx),
    () => EVERY_MS,
    (err) => ctx.logger.debug({ err }, 'the database was not compared with the chain'),
  )
}
