import { DomainError } from '@consulate/core'
import { type Logger, pino, stdSerializers } from 'pino'
import { currentScope } from './observe/request-scope.ts'

export type { Logger }

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export type LogLevel = (typeof LOG_LEVELS)[number]

/** JSON lines on standard error. Errors of ours are logged by code and reason; nothing logs a header or a body. */
export function createLogger(service: string, level: LogLevel): Logger {
  return pino(
    {
      name: service,
      level,
      base: { service },
      mixin: describeScope,
      redact: { paths: ['*.token', '*.privateKey', '*.authorization', 'token', 'privateKey'], censor: '[secret]' },
      serializers: { err: describeError, refusal: describeError },
      hooks: { streamWrite: escapeUnseen },
    },
    pino.destination({ dest: 2, sync: false }),
  )
}

/** What breaks, turns or hides a line on a screen although JSON allows it; pino escapes the rest. */
const UNSEEN = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]/gu

function escapeUnseen(line: string): string {
  return line.replace(UNSEEN, (character) =>
    character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  )
}

/** Whatever is logged on the way of a request can be found by its id. */
function describeScope(): object {
  const { requestId, trace } = currentScope() ?? {}
  return { ...(requestId !== undefined && { requestId }), ...(trace && { traceId: trace.traceId }) }
}

function describeError(error: unknown): unknown {
  if (!(error instanceof DomainError)) return error instanceof Error ? stdSerializers.err(error) : error
  const { code, message, reason, cause } = error
  return { code, message, reason, cause: cause instanceof Error ? stdSerializers.err(cause) : cause }
}
