import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { makeFolder } from '@consulate/server'
import Sqlite from 'better-sqlite3'
import { SERVICES, type ServiceName } from '../services/service-names.ts'

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
    for (const folder of folders) claims.push(claimOne(folder))
    return { release }
  } catch (error) {
    release()
    throw error
  }
}

/**
 * Claims a folder for this process until `release` or the process's end, however it ends: the operating system
 * drops the lock that SQLite holds on the file.
 */
function claimOne(folder: string): Claim {
  try {
    makeFolder(folder)
    const lock = new Sqlite(join(folder, 'lock'), { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return { release: () => void lock.close() }
  } catch (error) {
    const { code } = error as { code?: string }
    const message = code?.startsWith('SQLITE_BUSY')
      ? `Another Consulate is running with the data folder ${folder}; stop it or set CONSULATE_DATA to another folder.`
      : `The data folder ${folder} cannot be used (${code ?? 'unknown error'}); check that it may be written.`
    throw new DomainError('unavailable', message, { cause: error })
  }
}

function lockOf(folder: string, service: ServiceName): string {
  return join(folder, 'locks', service)
}
