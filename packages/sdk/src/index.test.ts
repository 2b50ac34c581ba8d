import { expect } from 'chai'
import * as exported from './index.ts'

it('@consulate/sdk exports these names and no others', () => {
  expect(Object.keys(exported).sort()).to.deep.equal([
    'STATUS_LIMITS',
    'ServiceError',
    'administratorsClient',
    'createChainReader',
    'createEvidence',
    'createGuardedFetch',
    'createKeyResolver',
    'followIssuer',
    'issuerClient',
    'openChain',
    'verifierAdminClient',
    'verifierClient',
    'walletAdminClient',
    'walletClient',
    'watchRegistry',
  ])
})
