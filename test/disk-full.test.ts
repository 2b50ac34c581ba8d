import { expect } from 'chai'
import { drillDiskFull } from '../scripts/drill/disk-full.ts'
import { describeOnEach } from './system/databases.ts'
import { mountSmallDisk } from './system/small-disk.ts'

/** Only root may mount a disk to fill; for everybody there is the test beside `packages/server/src/db/sqlite.ts`. */
function mayMount(): boolean {
  const disk = mountSmallDisk(1)
  disk?.remove()
  return disk !== undefined
}

if (mayMount())
  describeOnEach('a full disk', (database) => {
    it('refuses changes with 507, serves reads, and is forgotten once there is room, without a restart', async () => {
      const options = { database, fills: 2, fullMs: 300, workers: 8 }
      const { figures, problems } = await drillDiskFull(options)
      expect(problems).to.deep.equal([])
      expect(figures.full).to.be.above(10)
      expect(figures.reads).to.be.above(3)
      expect(figures.acknowledged).to.be.above(10)
    })
  })
