import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { DomainError } from '@consulate/core'
import { dataFolder, type Env, endpointsFile } from '../services/data-folder.ts'
import type { Endpoints } from '../services/endpoints.ts'
import { SERVICES } from '../services/service-names.ts'
import { chainBeforeStart, openChain } from './chain.ts'
import { checkConfiguration } from './check-configuration.ts'
import { claim } from './claim.ts'
import { fillSettings } from './fill-settings.ts'
import { keepSecrets } from './keep-secrets.ts'
import { createPorts } from './ports.ts'
import { writePrivateFile } from './private-file.ts'
import { startServices } from './start-services.ts'
import { trustOwnIssuer } from './trust-own-issuer.ts'

export interface Consulate {
  endpoints: Endpoints
  /** Resolves when something that all depends on has ended by itself; what is left still has to be stopped. */
  failed: Promise<DomainError>
  /** Ends everything that was started, the chain last; may be called again. */
  stop(): Promise<void>
}

export interface StartOptions {
  /** Told what is under way. */
  report?: (step: string) => void
  /** Gives up a start that is under way. */
  signal?: AbortSignal | undefined
}

/**
 * Starts whatever is not configured, trusts its own issuer, and writes endpoints.json when all of it is ready. A second
 * start with the same data folder continues where the first one ended. A failed start leaves nothing running.
 */
export async function startAll(env: Env, { report = () => undefined, signal }: StartOptions = {}): Promise<Consulate> {
  const folder = dataFolder(env)
  const opened = new AsyncDisposableStack()
  try {
    opened.defer(claim(folder).release)
    rmSync(endpointsFile(folder), { force: true })
    const ports = createPorts(join(folder, 'ports.json'))
    const { env: settings, made } = await fillSettings(env, folder, SERVICES, ports)
    checkConfiguration({ ...settings, ...chainBeforeStart(settings) })
    keepSecrets(made)

    report('Starting the chain')
    const chain = await openChain(settings, folder, ports)
    opened.defer(chain.stop)
    signal?.throwIfAborted()
    report('Starting the issuer, the wallet and the verifier')
    const configured = checkConfiguration({ ...settings, ...chain.settings })
    const services = await startServices(configured)
    opened.defer(services.stop)

    report('Waiting until the verifier knows the issuer')
    const adminToken = settings.CONSULATE_ADMIN_TOKEN!
    const { verifierToken } = await trustOwnIssuer(folder, configured, services, signal)
    const { issuer, wallet, verifier } = services.urls
    const { rpcUrls, ...registries } = configured.issuer.chain
    const issuerDid = services.issuerDid
    const endpoints = {
      issuer,
      wallet,
      verifier,
      rpcUrl: rpcUrls[0]!,
      ...registries,
      issuerDid,
      adminToken,
      verifierToken,
    }
    opened.defer(() => rmSync(endpointsFile(folder), { force: true }))
    writePrivateFile(endpointsFile(folder), `${JSON.stringify(endpoints, null, 2)}\n`)
    return { endpoints, failed: chain.failed, stop: onceOnly(() => opened.disposeAsync()) }
  } catch (error) {
    await opened.disposeAsync().catch(() => undefined) // why it did not start matters more
    throw error
  }
}

function onceOnly(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= work()
    return done
  }
}
