/** The Digital Bazaar libraries ship no types; these are the parts of them that are used here. */

type Json = Record<string, unknown>
type DocumentLoader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>

declare module 'jsonld' {
  const jsonld: {
    expand(
      document: object,
      options: { documentLoader: DocumentLoader; safe: true; base: null; signal?: AbortSignal },
    ): Promise<{ '@type'?: string[] }[]>
  }
  export default jsonld
}

declare module '@digitalbazaar/data-integrity' {
  interface Cryptosuite {
    name: string
    requiredAlgorithm: string
    canonize(input: object, options?: object): Promise<string>
    createVerifier(options: object): Promise<object>
    createVerifyData?(options: { cryptosuite: Cryptosuite; document: object; proof: object }): Promise<Uint8Array>
  }
  export class DataIntegrityProof {
    constructor(options: { cryptosuite: Cryptosuite; signer?: object })
    createVerifyData(options: { document: object; proof: object; documentLoader: DocumentLoader }): Promise<Uint8Array>
  }
}

declare module '@digitalbazaar/eddsa-rdfc-2022-cryptosuite' {
  import type { Cryptosuite } from '@digitalbazaar/data-integrity'
  export const cryptosuite: Cryptosuite
}

declare module '@digitalbazaar/eddsa-jcs-2022-cryptosuite' {
  import type { Cryptosuite } from '@digitalbazaar/data-integrity'
  export function createSignCryptosuite(): Required<Cryptosuite>
  export function createVerifyCryptosuite(): Required<Cryptosuite>
}

declare module '@digitalbazaar/credentials-context' {
  export const contexts: ReadonlyMap<string, object>
}
declare module '@digitalbazaar/data-integrity-context' {
  export const contexts: ReadonlyMap<string, object>
}
declare module '@digitalbazaar/multikey-context' {
  export const contexts: ReadonlyMap<string, object>
}
declare module '@digitalbazaar/vc-bitstring-status-list-context' {
  export const contexts: ReadonlyMap<string, object>
}
declare module 'ed25519-signature-2020-context' {
  export const contexts: ReadonlyMap<string, object>
}
