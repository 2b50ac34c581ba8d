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

/** The wallet's administrator routes. */
export function walletAdminClient(endpoint: Endpoint) {
  return {
    createAgent: async (name: string) =>
      withToken(await request<{ did: string; name: string; token?: string }>(endpoint, 'POST', '/agents', { name })),
    agents: (after?: string) =>
      request<{ items: { did: string; name: string; createdBy?: string }[]; next?: string }>(
        endpoint,
        'GET',
        `/agents${after === undefined ? '' : `?after=${segment(after)}`}`,
      ),
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
