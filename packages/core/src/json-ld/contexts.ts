import { contexts as credentials } from '@digitalbazaar/credentials-context'
import { contexts as dataIntegrity } from '@digitalbazaar/data-integrity-context'
import { contexts as multikey } from '@digitalbazaar/multikey-context'
import { contexts as statusList } from '@digitalbazaar/vc-bitstring-status-list-context'
import { contexts as ed25519Signature } from 'ed25519-signature-2020-context'

/** The vocabulary of the examples in the W3C's specifications, which conformance suites use. */
const EXAMPLES_V2 = 'https://www.w3.org/ns/credentials/examples/v2'

/** Every context that is ever used, by its URL; none is fetched. */
export const bundledContexts: ReadonlyMap<string, object> = new Map([
  ...credentials,
  ...dataIntegrity,
  ...multikey,
  ...statusList,
  ...ed25519Signature,
  [EXAMPLES_V2, { '@context': { '@vocab': 'https://www.w3.org/ns/credentials/examples#' } }],
])
