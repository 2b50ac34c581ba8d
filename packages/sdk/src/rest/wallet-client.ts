import { type Endpoint, request, segment } from './request.ts'
import { withToken } from './with-token.ts'

export interface HeldCredential {
  id: string
  role: string
  issuer: string
  validUntil: string
}

export interface PresentationOptions {
  domain: string
  challenge: string
  roles?: string[]
  htm?: string
  htu?: string
}

export interface WalletAgent {
  did: string
  name: string
  /** Seconds since 1970. */
  createdAt: number
  createdBy?: string
}

/** The latest change of who controls a did:ethr. */
export interface Rotation {
  did: string
  /** The one that the DID names. */
  address: string
  /** Who is to control the DID. */
  owner: string
  state: 'pending' | 'sent' | 'mined' | 'final' | 'awaits_owner'
  txHash?: string
  createdBy: string
}

/** The wallet's administrator routes. */
export function walletAdminClient(endpoint: Endpoint) {
  return {
    /** A did:key is its key; the keys of a did:ethr can change. */
    createAgent: async (name: string, method: 'key' | 'ethr' = 'key') => {
      const body = { name, method }
      return withToken(await request<{ did: string; name: string; token?: string }>(endpoint, 'POST', '/agents', body))
    },
    agents: (after?: string) =>
      request<{ items: WalletAgent[]; next?: string }>(
        endpoint,
        'GET',
        `/agents${after === undefined ? '' : `?after=${segment(after)}`}`,
      ),
    agent: (did: string) => request<WalletAgent & { rotation?: Rotation }>(endpoint, 'GET', `/agents/${segment(did)}`),
    /** Gives a did:ethr a new key, or hands it over to an address; `agent` tells how far that is. */
    rotateAgent: (did: string, owner?: string) =>
      request<Rotation>(endpoint, 'POST', `/agents/${segment(did)}/rotate`, owner === undefined ? {} : { owner }),
    forgetAgent: (did: string) => request<void>(endpoint, 'DELETE', `/agents/${segment(did)}`),
  }
}

/** One agent's own wallet; `token` is the one it was given. */
export function walletClient(endpoint: Endpoint, did: string) {
  const own = `/agents/${segment(did)}`
  return {
    store: (verifiableCredential: string) =>
      request<HeldCredential>(endpoint, 'POST', `${own}/credentials`, { verifiableCredential }),
    credentials: () => request<{ items: HeldCredential[] }>(endpoint, 'GET', `${own}/credentials`),
    present: async (options: PresentationOptions) => {
      const path = `${own}/presentations`
      const { verifiablePresentation } = await request<{ verifiablePresentation: string }>(
        endpoint,
        'POST',
        path,
        options,
      )
      return verifiablePresentation
    },
  }
}
