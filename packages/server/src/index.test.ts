import { expect } from 'chai'
import * as exported from './index.ts'

it('@consulate/server exports these names and no others', () => {
  expect(Object.keys(exported).sort()).to.deep.equal([
    'ConfigError',
    'DidStore',
    'SealedSecret',
    'assertRootKey',
    'authenticateHolderOf',
    'bigint',
    'claimDataFolder',
    'coalesce',
    'createAgent',
    'createApp',
    'createLogger',
    'createSealer',
    'createSecretStore',
    'defineRoute',
    'envelopedToken',
    'hashToken',
    'isUniqueViolation',
    'keepInFile',
    'keyEntities',
    'listen',
    'openDatabase',
    'pageOf',
    'parseRootKey',
    'randomToken',
    'readEnv',
    'repeat',
    'schemaDrift',
    'serviceConfig',
    'startService',
    'unauthenticated',
    'variables',
    'writePrivateFile',
  ])
})
