import { join } from 'node:path'
import type { RunningService } from '@consulate/server'
import { dataFolder, type Env } from '../services/data-folder.ts'
import type { ServiceName } from '../services/service-names.ts'
import { green } from '../terminal/style.ts'
import { table } from '../terminal/table.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { claimService } from './claim.ts'
import { fillSettings } from './fill-settings.ts'
import { keepSecrets } from './keep-secrets.ts'
import { createPorts } from './ports.ts'
import { runUntilStopped } from './run-until-stopped.ts'

interface StartedService extends RunningService {
  did?: string
}

/** Runs one service alone until it is stopped; what is not configured comes from the data folder, the chain excepted. */
export async function runService<Config>(
  service: ServiceName,
  env: Env,
  terminal: Terminal,
  envToConfig: (settings: Env) => Config,
  start: (config: Config) => Promise<StartedService>,
): Promise<void> {
  const folder = dataFolder(env)
  await runUntilStopped(
    () => startOne(service, env, folder, envToConfig, start),
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

async function startOne<Config>(
  service: ServiceName,
  env: Env,
  folder: string,
  envToConfig: (settings: Env) => Config,
  start: (config: Config) => Promise<StartedService>,
): Promise<StartedService> {
  const claimed = claimService(folder, service)
  try {
    const ports = createPorts(join(folder, 'ports.json'))
    const settings = await fillSettings(env, folder, [service], ports)
    const config = envToConfig(settings.env)
    keepSecrets(settings.made)
    const running = await start(config)
    return { ...running, stop: () => running.stop().finally(claimed.release) }
  } catch (error) {
    claimed.release()
    throw error
  }
}
