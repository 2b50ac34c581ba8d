import { randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@consulate/server'
import { expect } from 'chai'
import { DATABASES, describeOnEach } from '../../../../test/system/databases.ts'
import { openIssuerDatabase } from '../adapters/database.ts'
import { createStore } from '../adapters/store.ts'
import { followStatus } from './follow-status.ts'
import { issuerContext } from './issuer-context.test.ts'
import { ensureOpenLists } from './open-lists.ts'
import { publishHeads } from './publish-heads.ts'
import { pushStatus } from './push-status.ts'
import { renewHead } from './renew-head.ts'

class Sink extends EventEmitter {
  taken = ''
  readonly writableLength = 0
  write(text: string) {
    this.taken += text
  }
  end() {}
  destroy() {}
}

describeOnEach('following the status at another instance', (kind) => {
  let folder: string
  let database: Database
  let now = 1_767_225_600

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-follow-'))
    database = await openIssuerDatabase({ url: await DATABASES[kind](folder, randomUUID()) })
  })
  after(async () => {
    await database?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('shows no older head than the follower has seen, though that instance has not heard of it', async () => {
    const store = createStore(database)
    const [here, elsewhere] = [issuerContext(store, () => now), issuerContext(store, () => now)]
    await ensureOpenLists(here)
    await publishHeads(here)
    await pushStatus(elsewhere)
    now += 86_400
    await renewHead(here)
    const newest = (await store.lastSignedHead())!
    expect(elsewhere.stream.pushed!.version).to.be.below(newest.version)
    const sink = new Sink()
    const follow = await followStatus(elsewhere, { after: `${newest.epoch}.${newest.version}`, known: false })
    follow(sink)
    expect(sink.taken).to.match(/^event: heartbeat\n/)
    expect(elsewhere.stream.pushed!.version).to.equal(newest.version)
  })
})
