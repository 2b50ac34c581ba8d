import { type Database, type Observer, registerReadings } from '@consulate/server'
import { type EntityManager, In } from 'typeorm'
import type { Clock } from '../ports.ts'
import type { TransactionState } from '../records.ts'
import type { StatusStream } from '../stream-ports.ts'
import { TransactionEntity } from './entities.ts'

/** The place of a head in the order of heads. */
interface Place {
  epoch: number
  version: number
}

const BEFORE_ALL: Place = { epoch: -1, version: 0 }

const READINGS = {
  consulate_status_head_version: { help: 'Version of the newest signed head.' },
  consulate_status_head_age_seconds: { help: 'Time since the newest signed head was issued.' },
  consulate_status_list_age_seconds: {
    help: 'Time since a list of this purpose last changed or was opened.',
    label: 'purpose',
  },
  consulate_status_followers: { help: 'Connections to which the status is pushed.' },
  consulate_anchor_lag_seconds: { help: 'Age of the oldest head that is not on chain yet; 0 when all are.' },
  consulate_outbox_depth: { help: 'What waits to be signed, to be sent to the chain, or to be mined.', label: 'stage' },
} as const

/** How old what the issuer publishes is, and what it still owes the chain; read when it is scraped. */
export function registerStatusReadings(
  { registry }: Observer,
  database: Database,
  { clock, stream }: { clock: Clock; stream: StatusStream },
): void {
  registerReadings(registry, READINGS, async () => {
    const { read } = database
    const ageOf = (seconds: number) => Math.max(0, clock.now() - seconds)
    const head = await newestSignedHead(read)
    const { sent, mined } = await newestAnchors(read)
    const unanchored = await oldestHeadAfter(read, mined)
    const unsentHead = head && isAfter(head, sent) ? 1 : 0
    const lists = await listChanges(read)
    return {
      consulate_status_head_version: head?.version ?? Number.NaN,
      consulate_status_head_age_seconds: head ? ageOf(head.issuedAt) : Number.NaN,
      consulate_status_list_age_seconds: Object.fromEntries(
        lists.map(({ purpose, changed }) => [purpose, ageOf(Number(changed))]),
      ),
      consulate_status_followers: stream.followers,
      consulate_anchor_lag_seconds: unanchored === undefined ? 0 : ageOf(unanchored),
      consulate_outbox_depth: await outboxDepth(read, head ?? BEFORE_ALL, unsentHead),
    }
  })
}

function isAfter(one: Place, other: Place): boolean {
  return one.epoch > other.epoch || (one.epoch === other.epoch && one.version > other.version)
}

async function newestSignedHead(read: EntityManager): Promise<(Place & { issuedAt: number }) | undefined> {
  const [row] = await read.sql<{ epoch: unknown; version: unknown; issued: unknown }[]>`
    SELECT epoch, version, issued_at AS issued FROM status_head
    WHERE signature IS NOT NULL ORDER BY epoch DESC, version DESC LIMIT 1`
  return row && { epoch: Number(row.epoch), version: Number(row.version), issuedAt: Number(row.issued) }
}

/** The newest head that was sent to the chain, and the newest that is on it. */
async function newestAnchors(read: EntityManager): Promise<{ sent: Place; mined: Place }> {
  const newest = async (states: TransactionState[]) => {
    const [row] = await read.find(TransactionEntity, {
      select: { hash: true, epoch: true, version: true },
      where: { kind: 'anchor', state: In(states) },
      order: { epoch: 'DESC', version: 'DESC' },
      take: 1,
    })
    return row ? { epoch: row.epoch ?? 0, version: row.version ?? 0 } : BEFORE_ALL
  }
  return { sent: await newest(['sent', 'mined', 'final']), mined: await newest(['mined', 'final']) }
}

/** When the oldest head after this one was issued. */
async function oldestHeadAfter(read: EntityManager, { epoch, version }: Place): Promise<number | undefined> {
  const [row] = await read.sql<{ issued: unknown }[]>`
    SELECT issued_at AS issued FROM status_head
    WHERE (epoch, version) > (${epoch}, ${version}) ORDER BY epoch, version LIMIT 1`
  return row && Number(row.issued)
}

async function listChanges(read: EntityManager): Promise<{ purpose: string; changed: unknown }[]> {
  return read.sql`
    SELECT l.purpose AS purpose, MAX(h.issued_at) AS changed
    FROM status_list l
    JOIN status_list_version v ON v.list = l.id
      AND v.version = (SELECT MAX(w.version) FROM status_list_version w WHERE w.list = l.id)
    JOIN status_head h ON h.epoch = v.epoch AND h.version = v.head_version
    GROUP BY l.purpose`
}

/**
 * Heads are signed in their order, so whatever follows the newest signed one waits to be signed; of the signed ones only
 * the newest is sent.
 */
async function outboxDepth(read: EntityManager, { epoch, version }: Place, unsentHead: number) {
  const [counts] = await read.sql<Record<'heads' | 'kills' | 'unsent' | 'sent', unknown>[]>`
    SELECT
      (SELECT COUNT(*) FROM status_head
        WHERE (epoch, version) > (${epoch}, ${version})) AS heads,
      (SELECT COUNT(*) FROM status_kill WHERE signature IS NULL) AS kills,
      (SELECT COUNT(*) FROM status_kill k WHERE k.signature IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM chain_transaction t
        WHERE t.subject = k.id AND t.state IN ('sent', 'mined', 'final')) AND NOT EXISTS (
        SELECT 1 FROM status_kill n
        WHERE n.agent = k.agent AND n.cutoff > k.cutoff AND n.signature IS NOT NULL)) AS unsent,
      (SELECT COUNT(*) FROM chain_transaction WHERE state = 'sent') AS sent`
  return {
    signing: Number(counts?.heads) + Number(counts?.kills),
    sending: Number(counts?.unsent) + unsentHead,
    mining: Number(counts?.sent),
  }
}
