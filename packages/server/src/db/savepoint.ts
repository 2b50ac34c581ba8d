import type { QueryRunner } from 'typeorm'

/** One of those who share a transaction. */
export interface Member {
  run(): Promise<Answer>
  reject(error: unknown): void
}

/** Tells a caller how its part ended; held back until the COMMIT. */
export type Answer = () => void

/** Runs a member so that, when it fails, what it wrote is undone and the transaction goes on. */
export async function runInSavepoint(runner: Pick<QueryRunner, 'query'>, member: Member): Promise<Answer> {
  await runner.query('SAVEPOINT unit')
  try {
    const answer = await member.run()
    await runner.query('RELEASE SAVEPOINT unit')
    return answer
  } catch (error) {
    await runner.query('ROLLBACK TO SAVEPOINT unit')
    await runner.query('RELEASE SAVEPOINT unit')
    return () => member.reject(error)
  }
}
