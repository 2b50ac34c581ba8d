import { describeApi, describedRoutes } from '@consulate/server'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { expect } from 'chai'
import { api as issuerApi, routes as issuerRoutes } from '../../packages/issuer/src/app.ts'
import { api as verifierApi, routes as verifierRoutes } from '../../packages/verifier/src/app.ts'
import { api as walletApi, routes as walletRoutes } from '../../packages/wallet/src/app.ts'

export const DOCUMENTS = {
  issuer: describeApi(issuerApi, describedRoutes(issuerApi, issuerRoutes) as never),
  wallet: describeApi(walletApi, describedRoutes(walletApi, walletRoutes) as never),
  verifier: describeApi(verifierApi, describedRoutes(verifierApi, verifierRoutes) as never),
}

type Service = keyof typeof DOCUMENTS

const ajv = addFormats.default(new Ajv2020({ strict: false }))
for (const [service, document] of Object.entries(DOCUMENTS)) ajv.addSchema(document, service)

const services = new Map<string, Service>()
const violations: string[] = []
const realFetch = globalThis.fetch

/** From now on, whatever a service at this address answers to `fetch` must be as its document says. */
export function expectDescribed(service: Service, url: string): void {
  services.set(new URL(url).origin, service)
}

globalThis.fetch = async (input, init) => {
  const response = await realFetch(input, init)
  const { origin, pathname } = new URL(input instanceof Request ? input.url : input)
  const service = services.get(origin)
  if (service) {
    const method = (init?.method ?? 'GET').toLowerCase()
    const violation = await check(service, method, pathname, response.clone())
    if (violation) violations.push(`${service}: ${method} ${pathname} answered ${response.status}, and ${violation}`)
  }
  return response
}

export const mochaHooks = {
  afterEach() {
    expect(violations.splice(0)).to.deep.equal([])
  },
}

/** What is wrong with an answer, if anything. */
async function check(service: Service, method: string, path: string, response: Response): Promise<string | undefined> {
  const type = response.headers.get('content-type')?.split(';')[0]
  const text = await response.text()
  const template = templateOf(service, method, path)
  // Of what is not described there is nothing but a refusal.
  if (!template)
    return response.status >= 400 && type === 'application/problem+json' ? undefined : 'it is not described'
  const paths = DOCUMENTS[service].paths as unknown as Record<string, Record<string, Operation>>
  const { responses } = paths[template]![method]!
  const status = responses[response.status] ? String(response.status) : 'default'
  const described = responses[status]
  if (!described || (status === 'default' && response.status < 400)) return 'that status is not described'
  if (!described.content) return text === '' ? undefined : 'a body is not described'
  if (!type || !described.content[type]) return `the content type ${type} is not described`
  const body = type.endsWith('json') ? JSON.parse(text) : text
  const pointer = ['paths', template, method, 'responses', status, 'content', type, 'schema'].map(pointerPart).join('/')
  const validate = ajv.getSchema(`${service}#/${pointer}`) as ValidateFunction
  return validate(body) ? undefined : `${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`
}

interface Operation {
  responses: Record<string, { content?: Record<string, unknown> }>
}

/** The described path that this one is an instance of; a literal part goes before a parameter. */
function templateOf(service: Service, method: string, path: string): string | undefined {
  const templates = Object.entries(DOCUMENTS[service].paths ?? {})
    .filter(([template, item]) => method in (item as object) && pattern(template).test(path))
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
