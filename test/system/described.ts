import { createHash } from 'node:crypto'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'chai'

interface Document {
  paths: Record<string, Record<string, Operation>>
}

interface Operation {
  responses: Record<string, { headers?: Record<string, { required?: boolean }>; content?: Record<string, unknown> }>
}

const ajv = addFormats.default(new Ajv2020({ strict: false }))

const EVENT_STREAM = 'text/event-stream'

const JSON_TYPE = /json$|^application\/did(-resolution)?$/

/** By origin; services of one kind say the same, and what was compiled for one serves all. */
const documents = new Map<string, { document: Document; key: string }>()
const compiled = new Set<string>()
const violations: string[] = []
const realFetch = globalThis.fetch

/** From now on, whatever the service at this address answers to `fetch` must be as its own document says. */
export async function expectDescribed(url: string): Promise<void> {
  const { origin } = new URL(url)
  const text = await (await realFetch(`${url}/openapi.json`)).text()
  const document = JSON.parse(text) as Document
  const key = createHash('sha256').update(text).digest('hex')
  if (!compiled.has(key)) ajv.addSchema(document, key)
  compiled.add(key)
  documents.set(origin, { document, key })
}

/** The service is about to stop, and another may get its port. */
export function expectNothingOf(url: string): void {
  documents.delete(new URL(url).origin)
}

globalThis.fetch = async (input, init) => {
  const response = await realFetch(input, init)
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  if (documents.has(origin)) {
    const method = (init?.method ?? 'GET').toLowerCase()
    const isStream = response.headers.get('content-type')?.startsWith(EVENT_STREAM)
    const violation = await check(origin, method, pathname, isStream ? response : response.clone())
    if (violation) violations.push(`${method} ${pathname} answered ${response.status}, and ${violation}`)
  }
  return response
}

export const mochaHooks = {
  afterEach() {
    expect(violations.splice(0)).to.deep.equal([])
  },
}

/** What is wrong with an answer, if anything. */
async function check(origin: string, method: string, path: string, response: Response): Promise<string | undefined> {
  const type = response.headers.get('content-type')?.split(';')[0]
  // An event stream has no end to wait for.
  const text = type === EVENT_STREAM ? '' : await response.text()
  const template = templateOf(origin, method, path)
  // Of what is not described there is nothing but a refusal.
  if (!template)
    return response.status >= 400 && type === 'application/problem+json' ? undefined : 'it is not described'
  const { document, key } = documents.get(origin)!
  const { responses } = document.paths[template]![method]!
  const status = responses[response.status] ? String(response.status) : 'default'
  const described = responses[status]
  if (!described || (status === 'default' && response.status < 400)) return 'that status is not described'
  const pointTo = (...parts: string[]) => ['paths', template, method, 'responses', status, ...parts, 'schema']
  for (const [name, { required }] of Object.entries(described.headers ?? {})) {
    const value = response.headers.get(name)
    if (value === null && required) return `the header ${name} is missing`
    if (value !== null && !validatorOf(key, pointTo('headers', name))(value)) return `the header ${name} is ${value}`
  }
  if (!described.content) return text === '' ? undefined : 'a body is not described'
  if (!type || !described.content[type]) return `the content type ${type} is not described`
  const body = JSON_TYPE.test(type) ? JSON.parse(text) : text
  const validate = validatorOf(key, pointTo('content', type))
  return validate(body) ? undefined : `${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`
}

function validatorOf(key: string, path: string[]): ValidateFunction {
  return ajv.getSchema(`${key}#/${path.map(pointerPart).join('/')}`) as ValidateFunction
}

/** The described path that this one is an instance of; a literal part goes before a parameter. */
function templateOf(origin: string, method: string, path: string): string | undefined {
  const templates = Object.entries(documents.get(origin)!.document.paths)
    .filter(([template, item]) => method in item && pattern(template).test(path))
    .map(([template]) => template)
  return templates.sort((a, b) => a.split('{').length - b.split('{').length)[0]
}

function pattern(template: string): RegExp {
  return new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`)
}

/** RFC 6901, within a URI fragment. */
function pointerPart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))
}
