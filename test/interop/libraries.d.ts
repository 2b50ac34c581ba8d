/// <reference path="../../packages/core/src/json-ld/libraries.d.ts" />

/** The Digital Bazaar libraries ship no types; these are the parts of them that are used here. */

declare module '@digitalbazaar/vc' {
  type DocumentLoader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: object }>
  export const defaultDocumentLoader: DocumentLoader
  export function issue(options: { credential: object; suite: object; documentLoader: DocumentLoader }): Promise<object>
  export function verifyCredential(options: {
    credential: object
    suite: object
    documentLoader: DocumentLoader
    checkStatus?: (options: object) => Promise<object>
  }): Promise<{ verified: boolean; error?: unknown; statusResult?: { results: { status: boolean }[] } }>
}

declare module '@digitalbazaar/vc-bitstring-status-list' {
  interface BitstringStatusList {
    setStatus(index: number, status: boolean): void
    getStatus(index: number): boolean
  }
  export function createList(options: { length: number }): Promise<BitstringStatusList>
  export function decodeList(options: { encodedList: string }): Promise<BitstringStatusList>
  export function createCredential(options: {
    id: string
    list: BitstringStatusList
    statusPurpose: string
  }): Promise<object>
  export function checkStatus(options: object): Promise<object>
}
