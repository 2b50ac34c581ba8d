import { join } from 'node:path'
import type { RunningService } from '@consulate/server'
import { dataFolder, type Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { green } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { claimService } from './claim.ts'
import { fillSettings } from './fill-settings.ts'
import { createPorts } from './ports.ts'
import { runUntilStopped } from './run-until-stopped.ts'
import { warnOfNewKeys } from './warn-of-new-keys.ts'

interface StartedService extends RunningService {
  did?: string
}

/** Runs one service alone until it is stopped; what is not configured comes from the data folder, the chain excepted. */
export async function runService(
  service: ServiceName,
  env: Env,
  terminal: Terminal,
  start: (settings: Env) => Promise<StartedService>,
): Promise<void> {
  const folder = dataFolder(env)
  await runUntilStopped(
    () => startOne(service, env, folder, start),
    ({ url, did }) =>
      terminal.answer({ service, url, ...(did !== undefined && { did }), dataFolder: folder }, [
        green(`The ${service} is running.`),
        ...table([
          ['address', url],
          ['did', did],
          ['data', folder],
        ]),
      ]),
  )
}

async function startOne(
  service: ServiceName,
  env: Env,
  folder: string,
  start: (settings: Env) => Promise<StartedService>,
): Promise<StartedService> {
  const claimed = claimService(folder, service)
  try {
    const ports = createPorts(join(folder, 'ports.json'))
    const settings = await fillSettings(env, folder, [service], ports)
    warnOfNewKeys(settings.madeKeys)
    const running = await start(settings.env)
    return { ...running, stop: () => running.stop().finally(claimed.release) }
  } catch (error) {
    claimed.release()
    throw error
  }
}
