import { bitstringDigest, decodeBitstring, getBit, type Head, hashHead, headRoot, LIST_BITS } from '@consulate/core'
import { migrations } from '@consulate/migrations/issuer'
import { type Database, openDatabase } from '@consulate/server'
import {
  CredentialEntity,
  entities,
  HeadEntity,
  ListEntity,
  ListVersionEntity,
} from '../../packages/issuer/src/adapters/entities.ts'
import type { IssuedCredential, ListVersion, StatusList, StoredHead } from '../../packages/issuer/src/records.ts'
import type { Ledger } from './ledger.ts'

/**
 * Everything that is wrong with an issuer's records, in words; nothing when all that was acknowledged is there. While it
 * is down, its last heads may be `unsigned`: the next start signs them.
 */
export async function auditIssuer(
  url: string,
  ledger: Ledger,
  lastHeads: 'signed' | 'unsigned' = 'signed',
): Promise<string[]> {
  const database = await openDatabase({ url, entities, migrations })
  try {
    const { credentials, lists, versions, heads } = await readAll(database)
    return [
      ...ledger.duplicates.map((what) => `${what} was given out twice`),
      ...checkIssued(ledger, credentials),
      ...checkRevoked(ledger, credentials),
      ...checkBits(credentials, lists, versions),
      ...checkHeads(heads, lists, versions, lastHeads),
    ]
  } finally {
    await database.close()
  }
}

interface Records {
  credentials: Map<string, IssuedCredential>
  lists: Map<string, StatusList>
  /** Of each list, oldest first. */
  versions: Map<string, ListVersion[]>
  /** Oldest first. */
  heads: StoredHead[]
}

async function readAll({ read }: Database): Promise<Records> {
  const credentials = await read.find(CredentialEntity)
  const lists = await read.find(ListEntity)
  const versions = await read.find(ListVersionEntity, { order: { version: 'ASC' } })
  return {
    credentials: new Map(credentials.map((credential) => [credential.id, credential])),
    lists: new Map(lists.map((list) => [list.id, list])),
    versions: Map.groupBy(versions, ({ list }) => list),
    heads: await read.find(HeadEntity, { order: { epoch: 'ASC', version: 'ASC' } }),
  }
}

function checkIssued({ issued }: Ledger, credentials: Records['credentials']): string[] {
  return [...issued].flatMap(([id, token]) => {
    const stored = credentials.get(id)
    if (!stored) return [`${id} was acknowledged and is gone`]
    const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString()
    return stored.payload === payload ? [] : [`${id} is not what was acknowledged`]
  })
}

function checkRevoked({ revoked }: Ledger, credentials: Records['credentials']): string[] {
  return [...revoked].flatMap((id) =>
    credentials.get(id)?.revokedAt != null ? [] : [`the revocation of ${id} is gone`],
  )
}

/** A bit is set if and only if its credential's row says so, and no two rows share a place. */
function checkBits(
  credentials: Records['credentials'],
  lists: Records['lists'],
  versions: Records['versions'],
): string[] {
  const problems: string[] = []
  const newest = new Map([...versions].map(([list, of]) => [list, decodeBitstring(of.at(-1)!.encodedList)]))
  const taken = new Map([...lists.keys()].map((list) => [list, new Set<number>()]))
  const expected = new Map([...lists.keys()].map((list) => [list, 0]))
  for (const {
    id,
    revocationList,
    revocationIndex,
    suspensionList,
    suspensionIndex,
    revokedAt,
    suspended,
  } of credentials.values())
    for (const [list, index, set] of [
      [revocationList, revocationIndex, revokedAt !== null],
      [suspensionList, suspensionIndex, suspended],
    ] as const) {
      if (taken.get(list)?.has(index)) problems.push(`index ${index} of ${list} belongs to two credentials`)
      taken.get(list)?.add(index)
      if (getBit(newest.get(list)!, index) !== set)
        problems.push(`the bit of ${id} in ${list} is not what its record says`)
      if (set) expected.set(list, expected.get(list)! + 1)
    }
  for (const [list, bits] of newest) {
    let count = 0
    for (let index = 0; index < LIST_BITS; index++) if (getBit(bits, index)) count += 1
    if (count !== expected.get(list))
      problems.push(`${list} has ${count} bits set, and ${expected.get(list)} reasons for it`)
  }
  return problems
}

/** One unbroken, signed chain, each head over the lists as they stood. */
function checkHeads(
  heads: StoredHead[],
  lists: Records['lists'],
  versions: Records['versions'],
  lastHeads: 'signed' | 'unsigned',
): string[] {
  const problems: string[] = []
  let previous: Head | undefined
  for (const head of heads) {
    const name = `head ${head.epoch}:${head.version}`
    if (head.signature === null && lastHeads === 'signed') problems.push(`${name} is not signed`)
    if (head.version !== (previous?.version ?? 0) + 1) problems.push(`there is a gap before ${name}`)
    if (previous && head.prev !== hashHead(previous)) problems.push(`${name} does not follow the head before it`)
    if (head.root !== headRoot(entriesAt(head, lists, versions))) problems.push(`${name} is not over its lists`)
    previous = head
  }
  for (const [list, of] of versions)
    for (const [at, { version, digest, encodedList }] of of.entries()) {
      if (version !== at + 1) problems.push(`there is a gap before version ${version} of ${list}`)
      if (at === of.length - 1 && bitstringDigest(decodeBitstring(encodedList)) !== digest)
        problems.push(`the digest of ${list} is not that of its bits`)
    }
  return problems
}

function entriesAt(head: Head, lists: Records['lists'], versions: Records['versions']) {
  return [...versions].flatMap(([list, of]) => {
    const at = of.findLast(({ epoch, headVersion }) => epoch === head.epoch && headVersion <= head.version)
    const { url, purpose } = lists.get(list)!
    return at ? [{ name: url, purpose, version: at.version, digest: at.digest }] : []
  })
}
