import type { RequestHandler } from 'express'
import type { Logger } from '../logger.ts'
import { currentScope } from './request-scope.ts'

/** One line for each request, when it was answered or its caller left. */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now()
    const { method, url } = request
    const { requestId } = currentScope()!
    response.once('close', () => {
      const { by, refusal } = response.locals
      const { statusCode } = response
      const facts = {
        requestId,
        req: { id: requestId, method, path: url.split('?')[0] },
        res: { statusCode },
        responseTime: Math.round(performance.now() - begun),
        ...(by !== undefined && { by }),
        ...refusal,
      }
      if (statusCode >= 500) logger.error(facts, 'request errored')
      else logger.info(facts, 'request completed')
    })
    next()
  }
}
