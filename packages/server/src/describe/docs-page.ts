import type { ApiDocument } from './describe-api.ts'

/** The document as a page for people: plain HTML, without any script. */
export function docsPage(document: ApiDocument): string {
  const { info, paths = {} } = document
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Operation>).map(([method, operation]) => describe(method, path, operation)),
  )
  const schemas = Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => `<h3 id="${escapeHtml(name)}">${escapeHtml(name)}</h3>${json(schema)}`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(info.title)} ${escapeHtml(info.version)}</h1>
<p>For machines: <a href="openapi.json">openapi.json</a> (OpenAPI ${escapeHtml(document.openapi)}).</p>
${operations.join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}
</html>
`
}

interface Operation {
  summary?: string
  security?: Record<string, unknown>[]
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[]
  requestBody?: { content: Record<string, { schema?: unknown }> }
  responses?: Record<string, Response>
}

interface Response {
  description: string
  headers?: Record<string, { schema?: unknown }>
  content?: Record<string, { schema?: unknown }>
}

function describe(method: string, path: string, operation: Operation): string {
  const { summary = '', security = [], parameters = [], requestBody, responses = {} } = operation
  const who = security.flatMap((scheme) => Object.keys(scheme)).join(', ') || 'public'
  const parts = [
    ...parameters.map(({ name, in: where, required, schema }) =>
      part(`${where}: ${name}${required ? '' : ' (optional)'}`, schema),
    ),
    ...Object.values(requestBody?.content ?? {}).map(({ schema }) => part('body', schema)),
    ...Object.entries(responses).flatMap(([status, { description, headers = {}, content = {} }]) => [
      `<p><b>${escapeHtml(status)}</b> ${escapeHtml(description)} Headers: ${escapeHtml(Object.keys(headers).join(', '))}.</p>`,
      ...Object.entries(content).map(([type, { schema }]) => part(type, schema)),
    ]),
  ]
  return `<details><summary><code><b>${method.toUpperCase()}</b> ${escapeHtml(path)}</code> ${escapeHtml(summary)} <i>${escapeHtml(who)}</i></summary>
${parts.join('\n')}</details>`
}

function part(name: string, schema: unknown): string {
  return `<p>${escapeHtml(name)}</p>${json(schema)}`
}

function json(value: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(value, null, 2) ?? '')}</pre>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b }
  details { border-top: 1px solid #ddd; padding: .5rem 0 } summary { cursor: pointer } summary i { color: #666 }
  pre { background: #f5f5f5; padding: .75rem; overflow-x: auto; font-size: .85rem }
`
