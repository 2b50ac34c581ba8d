import { expect } from 'chai'

/** What a promise is rejected with; fails when it is not. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('expected a rejection'),
    (error: unknown) => error,
  )
}
