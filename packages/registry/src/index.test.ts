import { expect } from 'chai'
import * as registry from './index.ts'

it('@consulate/registry exports these names and no others', () => {
  expect(Object.keys(registry).sort()).to.deep.equal([
    'ED25519_KEY_ATTRIBUTE',
    'addDelegateDigest',
    'assertChain',
    'broadcast',
    'createChainClient',
    'deployRegistries',
    'didRegistryAbi',
    'encodeAddDelegateSigned',
    'encodeAnchor',
    'encodeKill',
    'encodeRevokeAttributeSigned',
    'encodeRevokeDelegateSigned',
    'encodeSetAttributeSigned',
    'isDelegate',
    'keepMining',
    'prepareTransaction',
    'readDidEvents',
    'readNonce',
    'readOwner',
    'readReceipt',
    'readStatus',
    'readStatusEvents',
    'readTransactionCount',
    'registryAddresses',
    'revokeAttributeDigest',
    'revokeDelegateDigest',
    'setAttributeDigest',
    'signTransaction',
    'startDevnet',
    'statusRegistryAbi',
    'waitForReceipt',
    'wasDelegate',
  ])
})
