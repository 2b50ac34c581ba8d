import type { RequestHandler, Response } from 'express'
import { pinoHttp } from 'pino-http'
import type { Logger } from '../logger.ts'
import { currentScope } from './request-scope.ts'

/** One line for each request, when it was answered or its caller left. */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: () => currentScope()!.requestId,
    customProps: (_request, response) => {
      const { by, refusal } = (response as Response).locals ?? {}
      return { ...(by !== undefined && { by }), ...refusal }
    },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        path: url.split('?')[0],
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
  })
}
