import { startIssuer } from '@consulate/issuer'
import type { RunningService } from '@consulate/server'
import { startVerifier } from '@consulate/verifier'
import { startWallet } from '@consulate/wallet'
import type { ServiceName } from '../services/service-names.ts'
import type { Configuration } from './check-configuration.ts'

type Stoppable = Pick<RunningService, 'stop'>

export interface RunningServices extends Stoppable {
  urls: Record<ServiceName, string>
  issuerDid: string
}

/** Starts the three services in this process; when one does not start, those before it are stopped. */
export async function startServices(configuration: Configuration): Promise<RunningServices> {
  const running: Stoppable[] = []
  const stop = async () => {
    await Promise.all(running.map((service) => service.stop()))
  }
  const started = async <Service extends Stoppable>(starting: Promise<Service>): Promise<Service> => {
    const service = await starting
    running.push(service)
    return service
  }
  try {
    const issuer = await started(startIssuer(configuration.issuer))
    const wallet = await started(startWallet(configuration.wallet))
    const lists = configuration.issuer.publicUrl ?? issuer.url
    const verifier = await started(startVerifier(reaching(lists, configuration.verifier)))
    return {
      urls: { issuer: issuer.url, wallet: wallet.url, verifier: verifier.url },
      issuerDid: issuer.did,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Credentials of the issuer's instances name lists there, and it is no stranger. */
function reaching(issuerUrl: string, verifier: Configuration['verifier']): Configuration['verifier'] {
  return { ...verifier, outgoingAllow: [...verifier.outgoingAllow, new URL(issuerUrl).host] }
}
