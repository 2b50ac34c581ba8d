import { expect } from 'chai'
import { databaseName } from './database-name.ts'

describe('the name of a database', () => {
  it('says where it is, without its password', () => {
    expect(databaseName('sqlite:/data/issuer.sqlite')).to.equal('/data/issuer.sqlite')
    expect(databaseName('postgres://user:secret@db.example:5433/issuer?password=secret')).to.equal(
      'postgres://db.example:5433/issuer',
    )
    expect(databaseName('postgres://user:sec/ret@db:x/issuer')).to.not.include('ret')
  })
})
