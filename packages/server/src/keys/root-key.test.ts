import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { rejection } from '../db/rejection.test.ts'
import { describeWithKeys } from './key-database.test.ts'
import { assertRootKey, parseRootKey } from './root-key.ts'
import { createSealer } from './sealer.ts'

describe('root key', () => {
  const text = randomBytes(32).toString('base64url')

  it('is read from base64url', () => {
    expect(parseRootKey(text).toString('base64url')).to.equal(text)
  })

  const malformed: Record<string, string> = {
    nothing: '',
    'a short key': randomBytes(31).toString('base64url'),
    'a long key': randomBytes(33).toString('base64url'),
    padding: `${text}=`,
    'a newline': `${text}\n`,
    'plain base64': Buffer.alloc(32, 0xff).toString('base64'),
    'trailing bits that are set': `${'A'.repeat(42)}B`,
    hex: randomBytes(32).toString('hex'),
  }
  for (const [name, value] of Object.entries(malformed)) {
    it(`refuses ${name}, without repeating it`, () => {
      const refused = expect(() => parseRootKey(value)).to.throw(/^must be 32 bytes in base64url/)
      refused.with.property('code', 'invalid_request')
      if (value) refused.with.property('message').that.does.not.include(value)
    })
  }
})

describeWithKeys('root key check', (keys) => {
  it('accepts the key of the first start again', async () => {
    await assertRootKey(keys.database, keys.sealer)
    await keys.reopen()
    await assertRootKey(keys.database, keys.sealer)
  })

  it('refuses another key at the next start', async () => {
    await assertRootKey(keys.database, keys.sealer)
    await keys.reopen()
    const error = await rejection(assertRootKey(keys.database, createSealer(randomBytes(32))))
    expect(error).to.have.property('code', 'unavailable')
    expect(error)
      .to.have.property('message')
      .that.matches(/root key is not the one this database was sealed with/)
  })
})
