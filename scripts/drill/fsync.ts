import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { issuerClient } from '@consulate/sdk'
import type { DatabaseKind } from '../../test/system/databases.ts'
import { createParty } from '../bench/verify/party.ts'
import { startFleet } from '../fleet/start-fleet.ts'
import type { DrillReport } from './report.ts'

const ROLE = 'payments.approver'

/** The files that each database makes a commit durable in. */
const LOGS: Record<DatabaseKind, RegExp> = { SQLite: /issuer\.sqlite-wal>/, PostgreSQL: /\/pg_wal\// }

/**
 * Watches the system calls of an issuer, and of its database: before each acknowledgement leaves, what it speaks of was
 * written to the database's log, and that log was synchronised to disk. Needs `strace` and the right to trace.
 */
export async function drillFsync(database: DatabaseKind, count: number): Promise<DrillReport> {
  const fleet = await startFleet(database)
  try {
    const { url, pid } = await fleet.start('issuer')
    const client = issuerClient({ url, token: fleet.adminToken })
    await client.putRole(ROLE, { description: 'x', maxValiditySeconds: 3_600, sensitivity: 'high' })
    const trace = join(fleet.folder, 'trace')
    const tracer = await startTrace(trace, [pid, ...(database === 'PostgreSQL' ? postgresProcesses() : [])])
    const marks: string[] = []
    for (let at = 0; at < count; at++) {
      const agent = createParty().did
      marks.push((await client.issueRole(agent, { role: ROLE, operator: 'ops@example.com' })).id)
      const reason = `because-${at}-${pid}`
      // Said three times: the log may break one of them at the end of a page.
      await client.revokeRole(agent, ROLE, [reason, reason, reason].join(' '))
      marks.push(reason)
    }
    tracer.kill('SIGINT')
    await once(tracer, 'exit')
    const durable = await readTrace(trace, LOGS[database], marks)
    const problems = marks.flatMap((mark, at) =>
      durable[at] ? [] : [`${mark} was acknowledged before it was on disk`],
    )
    return { figures: { acknowledged: marks.length, lost: problems.length }, problems }
  } finally {
    await fleet.stop()
  }
}

async function startTrace(file: string, pids: number[]): Promise<ChildProcess> {
  const calls = 'trace=pwrite64,pwritev,write,writev,sendto,fdatasync,fsync'
  const targets = pids.flatMap((pid) => ['-p', String(pid)])
  const tracer = spawn('strace', ['-f', '-y', '-s', '20000', '-e', calls, '-o', file, ...targets], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  for await (const line of createInterface({ input: tracer.stderr! })) {
    said += `${line}\n`
    if (said.split(' attached').length > pids.length) return tracer
  }
  throw new Error(`strace could not watch: ${said}`)
}

/** The server of the tests and its workers. */
function postgresProcesses(): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const all = rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)!)
    .map(([, pid, ppid, args]) => ({ pid: Number(pid), ppid: Number(ppid), args: args! }))
  const server = all.find(({ ppid, args }) => ppid === process.pid && args.includes('postgres'))
  if (!server) throw new Error('the PostgreSQL server is not a child of this process')
  return [server.pid, ...all.filter(({ ppid }) => ppid === server.pid).map(({ pid }) => pid)]
}

/** For each mark, whether it was written to the log, and the log then synchronised, before the answer to its request. */
async function readTrace(file: string, log: RegExp, marks: readonly string[]): Promise<boolean[]> {
  const durable = marks.map(() => false)
  /** Processes in the middle of synchronising the log, each with whether the mark had been written when it began. */
  const syncing = new Map<string, boolean>()
  let at = 0
  let written = false
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const mark = marks[at]
    if (mark === undefined) break
    const [, pid = '', call = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (/^pwrite/.test(call) && log.test(call) && call.includes(mark)) written = true
    else if (/^f(data)?sync\(/.test(call) && log.test(call)) {
      if (call.endsWith('<unfinished ...>')) syncing.set(pid, written)
      else durable[at] ||= written
    } else if (/^<\.\.\. f(data)?sync resumed/.test(call)) {
      durable[at] ||= syncing.get(pid) ?? false
      syncing.delete(pid)
    } else if (/HTTP\/1\.1 20[01]/.test(call)) {
      at += 1
      written = false
      syncing.clear()
    }
  }
  return durable
}
