import { join } from 'node:path'
import { claimDataFolder } from '@consulate/server'
import type { ServiceName } from '../services/find-services.ts'
import { SERVICES } from './fill-settings.ts'

export interface Claim {
  release(): void
}

/** Claims the data folder for all that runs in it: a second `up` is refused, and a service alone as well. */
export function claim(folder: string): Claim {
  return claimAll([folder, ...SERVICES.map((service) => lockOf(folder, service))])
}

/** Claims one service's part of the data folder. */
export function claimService(folder: string, service: ServiceName): Claim {
  return claimAll([lockOf(folder, service)])
}

function claimAll(folders: string[]): Claim {
  const claims: Claim[] = []
  const release = () => {
    for (const taken of claims.splice(0)) taken.release()
  }
  try {
    for (const folder of folders) claims.push(claimDataFolder(folder))
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

function lockOf(folder: string, service: ServiceName): string {
  return join(folder, 'locks', service)
}
