import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Request, RequestHandler, Response } from 'express'
import { pinoHttp } from 'pino-http'
import type { Logger } from '../logger.ts'
import { currentScope } from './request-scope.ts'

/** One line for each request, when it was answered or its caller left; nothing is made for a line that is not printed. */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: () => currentScope()!.requestId,
    customLogLevel(_request, { statusCode }) {
      const level = statusCode >= 500 ? 'error' : 'info'
      return logger.isLevelEnabled(level) ? level : 'silent'
    },
    customSuccessObject: (_request, response, line) => ({ ...line, ...outcomeOf(response) }),
    customErrorObject: (_request, response, _error, line) => ({ ...line, ...outcomeOf(response) }),
    // The standard ones copy all of a request, headers too, for ours to choose from.
    wrapSerializers: false,
    serializers: {
      req: ({ id, method, originalUrl }: Request) => ({ id, method, path: originalUrl.split('?')[0] }),
      res: ({ statusCode }: Response) => ({ statusCode }),
    },
  })
}

/** Who asked, of administrators, and why it was refused. */
function outcomeOf(response: ServerResponse<IncomingMessage>) {
  const { by, refusal } = (response as Response).locals ?? {}
  return { ...(by !== undefined && { by }), ...refusal }
}
