import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedSpan {
  service: string
  name: string
  /** 1 internal, 2 server, 3 client. */
  kind: number
  traceId: string
  spanId: string
  parentSpanId?: string
  status: { code?: number }
  attributes: Record<string, unknown>
}

export interface Collector {
  url: string
  spans(): ReceivedSpan[]
  /** All that was sent, headers included. */
  received(): string
  stop(): Promise<void>
}

interface Attribute {
  key: string
  value: { stringValue?: string; intValue?: number }
}

/** A collector of traces: OTLP over HTTP, as JSON. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const heads: string[] = []
  const server = createServer(async (request, response) => {
    heads.push(`${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)}`)
    bodies.push(await text(request))
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => bodies.flatMap(spansOf),
    received: () => [...heads, ...bodies].join('\n'),
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function spansOf(body: string): ReceivedSpan[] {
  const { resourceSpans } = JSON.parse(body)
  return resourceSpans.flatMap(({ resource, scopeSpans }: { resource: never; scopeSpans: never[] }) => {
    const service = valuesOf((resource as { attributes: Attribute[] }).attributes)['service.name']
    return scopeSpans.flatMap(
      ({ spans }: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attribute[] })[] }) =>
        spans.map((span) => ({ ...span, service, attributes: valuesOf(span.attributes) })),
    )
  })
}

function valuesOf(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]))
}
