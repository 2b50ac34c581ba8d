import { Registry } from 'prom-client'
import type { Logger } from '../logger.ts'
import { processMetrics } from './metrics/process-metrics.ts'
import type { Tracing } from './tracing/tracing.ts'

/** What one running service tells of itself. */
export interface Observer {
  /** Of this service alone; several may run in one process. */
  registry: Registry
  /** Undefined when nobody takes traces. */
  tracing: Tracing | undefined
}

export async function openObserver(
  service: string,
  otlpEndpoint: string | undefined,
  logger: Logger,
): Promise<Observer> {
  processMetrics()
  const registry = new Registry()
  if (otlpEndpoint === undefined) return { registry, tracing: undefined }
  // OpenTelemetry takes a while to load.
  const { openOtlpTracing } = await import('./tracing/otlp.ts')
  return { registry, tracing: openOtlpTracing(service, otlpEndpoint, (reason) => logger.warn(reason)) }
}
