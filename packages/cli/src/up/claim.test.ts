import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DomainError } from '@consulate/core'
import { expect } from 'chai'
import { claim } from './claim.ts'

describe('claiming a data folder', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'consulate-claim-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  it('makes it and those above it, for its owner alone', () => {
    claim(join(folder, 'a', 'b')).release()
    for (const made of ['a', 'a/b']) expect(statSync(join(folder, made)).mode & 0o777).to.equal(0o700)
  })

  it('says which folder cannot be used, also where Node would try for ever', () => {
    writeFileSync(join(folder, 'file'), '')
    const impossible = [
      join(folder, 'file', 'below'),
      ...(existsSync('/proc') ? ['/proc/nope', '/proc/nope/below'] : []),
    ]
    for (const path of impossible)
      expect(() => claim(path))
        .to.throw(DomainError)
        .with.property('message')
        .that.includes(`The data folder ${path} cannot be used`)
  })
})
