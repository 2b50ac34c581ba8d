import { Validator } from '@seriousme/openapi-schema-validator'
import { expect } from 'chai'
import { routes as issuerRoutes } from '../packages/issuer/src/app.ts'
import { routes as verifierRoutes } from '../packages/verifier/src/app.ts'
import { routes as walletRoutes } from '../packages/wallet/src/app.ts'
import { type System, startSystem } from './system/start-system.ts'

const ROUTES = { issuer: issuerRoutes, wallet: walletRoutes, verifier: verifierRoutes }

describe('the description of a service', () => {
  let system: System
  before(async () => {
    system = await startSystem()
  })
  after(() => system.stop())

  const document = async (service: keyof typeof ROUTES) =>
    // biome-ignore lint/suspicious/noExplicitAny: any document
    (await (await fetch(`${system[service].url}/openapi.json`)).json()) as any

  for (const service of ['issuer', 'wallet', 'verifier'] as const) {
    it(`of the ${service} is served, and is valid OpenAPI 3.1`, async () => {
      const served = await document(service)
      const { valid, errors } = await new Validator().validate(served)
      expect(errors).to.equal(undefined)
      expect(valid).to.equal(true)
      expect(served.openapi).to.match(/^3\.1\./)
    })

    it(`of the ${service} names each route, who may call it, what it takes and what it answers`, async () => {
      const { paths, components } = await document(service)
      for (const common of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs'])
        expect(paths).to.have.property(common)
      for (const { method, path, access, recognizes, summary, params, body, answers } of ROUTES[service]) {
        const operation = paths[path.replaceAll(/:(\w+)/g, '{$1}')]![method]!
        expect(operation.summary).to.equal(summary)
        const known = recognizes ? [{}, { [recognizes.access]: [] }] : []
        expect(operation.security ?? []).to.deep.equal(access === 'public' ? known : [{ [access]: [] }])
        const inPath = ((operation.parameters ?? []) as { in: string }[]).filter((parameter) => parameter.in === 'path')
        expect(inPath).to.have.lengthOf(path.split('/:').length - 1)
        expect(params === undefined).to.equal(inPath.length === 0)
        expect('requestBody' in operation).to.equal(body !== undefined)
        expect(operation.responses).to.include.keys('400', 'default', ...Object.keys(answers))
        expect('401' in operation.responses!).to.equal(access !== 'public' || recognizes !== undefined)
        const asks = ((operation.parameters ?? []) as { name: string }[]).map(({ name }) => name)
        expect(asks.includes('Idempotency-Key')).to.equal(method !== 'get' && access !== 'public')
        for (const status of Object.keys(answers).filter((answered) => Number(answered) < 400))
          expect(operation.responses[status].headers['X-Request-Id'].required).to.equal(true)
        for (const status of ['429', '503'])
          expect(operation.responses[status].headers['Retry-After'].required).to.equal(true)
      }
      expect(components.schemas.ErrorCode.enum).to.include.members([
        'unauthenticated',
        'credential_revoked',
        'storage_full',
      ])
    })

    it(`of the ${service} is a page as well, which runs no script`, async () => {
      const response = await fetch(`${system[service].url}/docs`)
      const page = await response.text()
      for (const { path, summary } of ROUTES[service])
        expect(page)
          .to.include(path.replaceAll(/:(\w+)/g, '{$1}'))
          .and.to.include(summary.replaceAll('"', '&quot;'))
      expect(page).not.to.match(/<script|\son\w+=|javascript:/i)
      expect(response.headers.get('content-security-policy')).to.match(/^default-src 'none'/)
    })
  }
})
