import type { Logger } from './logger.ts'

/** Logs when an RPC URL goes out of use and when it comes back; `endpoint` names its host and nothing secret. */
export function reportEndpoint(logger: Logger) {
  return ({ endpoint, state, why }: { endpoint: string; state: string; why?: string }): void => {
    if (state === 'good') logger.info({ endpoint }, 'an RPC URL is used again')
    else logger.warn({ endpoint, why }, 'an RPC URL is not used')
  }
}
