import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DomainError } from '@consulate/core'
import { ServiceError, type Trust, verifierAdminClient, verifierClient } from '@consulate/sdk'
import type { Configuration } from './check-configuration.ts'
import { writePrivateFile } from './private-file.ts'
import type { RunningServices } from './start-services.ts'

type VerifierAdmin = ReturnType<typeof verifierAdminClient>

/** Has our verifier trust our issuer, waits until it knows its status, and returns a token that asks for every domain. */
export async function trustOwnIssuer(
  folder: string,
  { issuer, verifier }: Configuration,
  { urls, issuerDid }: Pick<RunningServices, 'urls' | 'issuerDid'>,
  signal?: AbortSignal,
): Promise<{ verifierToken: string }> {
  const admin = verifierAdminClient({ url: urls.verifier, token: verifier.adminToken })
  const statusUrl = `${issuer.publicUrl ?? urls.issuer}/status`
  await putTrust(admin, issuerDid, statusUrl)
  await untilStatusIsKnown(admin, issuerDid, statusUrl, signal)
  return { verifierToken: await keepVerifierToken(admin, urls.verifier, join(folder, 'verifier-token')) }
}

/** What an administrator changed since the last start stays, save the address. */
async function putTrust(admin: VerifierAdmin, issuer: string, statusUrl: string): Promise<void> {
  const known = await admin.trusted(issuer).catch((error) => {
    if (error instanceof ServiceError && error.code === 'trust_unknown') return undefined
    throw error
  })
  if (known?.statusUrl === statusUrl) return
  const fresh: Omit<Trust, 'statusUrl'> = { roles: ['*'], minSensitivity: 'low' }
  const { roles, minSensitivity } = known ?? fresh
  await admin.trust(issuer, { roles, statusUrl, ...(minSensitivity && { minSensitivity }) })
}

const PATIENCE_MS = 20_000

async function untilStatusIsKnown(
  admin: VerifierAdmin,
  issuer: string,
  statusUrl: string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS
  while ((await admin.trusted(issuer)).status === null) {
    if (performance.now() > deadline)
      throw new DomainError(
        'status_unavailable',
        `The verifier learned no status from ${statusUrl} in ${PATIENCE_MS / 1000} s. An issuer keeps the address that its lists were made under: check CONSULATE_ISSUER_PORT and CONSULATE_ISSUER_PUBLIC_URL.`,
      )
    await sleep(50, undefined, { signal })
  }
}

async function keepVerifierToken(admin: VerifierAdmin, url: string, file: string): Promise<string> {
  const kept = read(file)
  if (kept !== undefined && (await isKnown(url, kept))) return kept
  const { token } = await admin.addResourceServer(`consulate up ${randomUUID()}`, ['*'])
  writePrivateFile(file, `${token}\n`)
  return token
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

async function isKnown(url: string, token: string): Promise<boolean> {
  try {
    await verifierClient({ url, token }).challenge('https://consulate.invalid')
    return true
  } catch (error) {
    if (error instanceof ServiceError && (error.status === 401 || error.status === 403)) return false
    throw error
  }
}
