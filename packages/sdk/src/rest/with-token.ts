import { ServiceError } from './request.ts'

/** What was made, with its token: that stands in the first answer alone, and is gone when that was lost. */
export function withToken<Made extends { name: string; token?: string }>(made: Made): Made & { token: string } {
  const { token } = made
  if (token !== undefined) return { ...made, token }
  throw new ServiceError(
    201,
    'token_lost',
    `${made.name} was made, but the answer with its token was lost: delete it, then make it again.`,
  )
}
