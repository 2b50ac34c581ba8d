import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace'
import { within } from '../within.ts'
import type { Trace, Tracing } from './tracing.ts'

const STOP_MS = 2_000
const DELIVER_MS = 5_000

const KINDS = { internal: SpanKind.INTERNAL, client: SpanKind.CLIENT, server: SpanKind.SERVER }

/**
 * Traces as OTLP over HTTP, to `endpoint`/v1/traces. Nothing is registered globally: several services in one process keep
 * their names apart, and no module is patched.
 */
export function openOtlpTracing(service: string, endpoint: string, report: (reason: string) => void): Tracing {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const exporter = reporting(new OTLPTraceExporter({ url, timeoutMillis: DELIVER_MS }), report)
  const resource = defaultResource().merge(resourceFromAttributes({ 'service.name': `consulate-${service}` }))
  const provider = new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] })
  const tracer = provider.getTracer('@consulate/server')
  const propagator = new W3CTraceContextPropagator()

  const begin = (name: string, kind: keyof typeof KINDS, above: Context): Trace => {
    const span = tracer.startSpan(name, { kind: KINDS[kind] }, above)
    const own = trace.setSpan(above, span)
    return {
      traceId: span.spanContext().traceId,
      child: (childName, childKind) => begin(childName, childKind, own),
      headers() {
        const carrier: Record<string, string> = {}
        propagator.inject(own, carrier, defaultTextMapSetter)
        return carrier
      },
      end({ name: better, facts, failed } = {}) {
        if (better !== undefined) span.updateName(better)
        if (facts) span.setAttributes({ ...facts })
        if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }
  return {
    begin: (name, kind, caller = {}) =>
      begin(name, kind, propagator.extract(ROOT_CONTEXT, caller, defaultTextMapGetter)),
    stop: () => within(STOP_MS, provider.shutdown()).catch(() => report('the last traces were not delivered')),
  }
}

/** Lost traces are said, but not why: the cause may quote headers. */
function reporting(exporter: SpanExporter, report: (reason: string) => void): SpanExporter {
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error) report(`${spans.length} spans were not delivered`)
        done(result)
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}
