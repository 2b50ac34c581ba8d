import { randomUUID } from 'node:crypto'
import { DomainError } from '@consulate/core'
import {
  administratorsClient,
  type Endpoint,
  issuerClient,
  verifierAdminClient,
  verifierClient,
  walletAdminClient,
  walletClient,
} from '@consulate/sdk'
import { dataFolder, type Env, endpointsFile } from './data-folder.ts'
import { readEndpoints } from './endpoints.ts'
import { trustOwnCertificate } from './own-certificate.ts'
import type { ServiceName } from './service-names.ts'

/** Clients of the services that this command line talks to; asking for one that is not configured throws. */
export interface Services {
  address(service: ServiceName): string
  issuer(): ReturnType<typeof issuerClient>
  wallet(): ReturnType<typeof walletAdminClient>
  walletOf(agent: { did: string; token: string }): ReturnType<typeof walletClient>
  verifier(): ReturnType<typeof verifierClient>
  verifierAdmin(): ReturnType<typeof verifierAdminClient>
  administratorsOf(service: ServiceName): ReturnType<typeof administratorsClient>
}

/** Finds the services by the environment, else by the endpoints.json of the data folder. */
export function findServices(env: Env): Services {
  const folder = dataFolder(env)
  const written = readEndpoints(folder)
  trustOwnCertificate(folder)

  const address = (service: ServiceName): string => {
    const variable = `CONSULATE_${service.toUpperCase()}_URL`
    const url = env[variable]?.replace(/\/+$/, '') || written?.[service]
    if (!url)
      throw new DomainError(
        'unavailable',
        `Nothing runs here: ${endpointsFile(folder)} is not there. Start Consulate with consulate up, or set ${variable}.`,
      )
    if (!/^https?:\/\//.test(url) || !URL.canParse(url))
      throw new DomainError('invalid_request', `${variable} must be an http or https URL.`)
    return url
  }

  /** A token in endpoints.json is for the service that stands beside it, and is sent nowhere else. */
  const opened = (service: ServiceName, kind: 'adminToken' | 'verifierToken', variables: string[]): Endpoint => {
    const url = address(service)
    const configured = variables.map((variable) => env[variable]).find(Boolean)
    const token = configured ?? (url === written?.[service] ? written[kind] : undefined)
    if (!token)
      throw new DomainError(
        'unauthenticated',
        `${variables.at(-1)} is missing: set the token that opens the ${service}.`,
      )
    return { url, token, fetch: fetchFrom(service, url) }
  }

  const asAdmin = (service: ServiceName) =>
    opened(service, 'adminToken', [`CONSULATE_${service.toUpperCase()}_ADMIN_TOKEN`, 'CONSULATE_ADMIN_TOKEN'])

  return {
    address,
    issuer: () => issuerClient(asAdmin('issuer')),
    wallet: () => walletAdminClient(asAdmin('wallet')),
    walletOf({ did, token }) {
      const url = address('wallet')
      return walletClient({ url, token, fetch: fetchFrom('wallet', url) }, did)
    },
    verifier: () => verifierClient(opened('verifier', 'verifierToken', ['CONSULATE_VERIFIER_TOKEN'])),
    verifierAdmin: () => verifierAdminClient(asAdmin('verifier')),
    administratorsOf: (service) => administratorsClient(asAdmin(service)),
  }
}

const DEADLINE_MS = 30_000

/** One run of the command line, under one id in the logs of all services. */
const REQUEST_ID = randomUUID()

function fetchFrom(service: ServiceName, url: string): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      const headers = new Headers(init?.headers)
      headers.set('X-Request-Id', REQUEST_ID)
      return await fetch(input, { ...init, headers, signal: AbortSignal.timeout(DEADLINE_MS) })
    } catch (cause) {
      throw new DomainError('unavailable', `No answer from the ${service} at ${url}; check that it runs.`, { cause })
    }
  }
}
