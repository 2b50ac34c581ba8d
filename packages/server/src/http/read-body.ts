import { DomainError, parseStrictJson } from '@consulate/core'
import express, { type NextFunction, type Request, type Response } from 'express'

/** No body of ours is larger. */
const MAX_BODY_BYTES = 262_144

const readBytes = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false })

/** Reads a JSON body: bounded before it is read, strict when it is parsed. */
export function readBody(request: Request, response: Response, next: NextFunction): void {
  if (!request.is('application/json')) {
    const given = request.headers['content-type'] ?? 'none'
    next(new DomainError('unsupported_media_type', `Send the body as application/json; the request says ${given}.`))
    return
  }
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.headers['content-type'] ?? '') ?? []
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    next(new DomainError('unsupported_media_type', `JSON is UTF-8; the request says ${JSON.stringify(charset)}.`))
    return
  }
  readBytes(request, response, (error?: unknown) => {
    if (error) return next(toDomainError(error))
    try {
      request.body = parseStrictJson(request.body as Buffer)
      next()
    } catch (failure) {
      next(failure)
    }
  })
}

function toDomainError(error: unknown): unknown {
  const type = (error as { type?: string }).type
  if (type === 'entity.too.large')
    return new DomainError('body_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes; send less.`)
  if (type === 'encoding.unsupported')
    return new DomainError('unsupported_media_type', 'Compressed bodies are not read; send plain JSON.')
  if (type?.startsWith('request.') || type?.startsWith('stream.'))
    return new DomainError('invalid_request', 'The body ended before it was complete.', { cause: error })
  return error
}
