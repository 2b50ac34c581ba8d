import { type DidKeys, DomainError, didKeyDocument, parseEthrDid, resolveDidKey } from '@consulate/core'
import type { DIDDocument, DIDResolutionResult, Resolvable } from 'did-resolver'
import { LRUCache } from 'lru-cache'
import { agree } from '../agree.ts'
import type { ChainSettings } from '../chain-settings.ts'
import type { GuardedFetch } from '../guarded-fetch.ts'
import { throughEach } from '../open-chain.ts'
import { documentKeys } from './document-keys.ts'
import { ethrResolver, type ResolveEthr } from './ethr-resolver.ts'
import { resolveWebDid } from './web-resolver.ts'

export interface KeyResolver {
  /** From memory when it is known, else over the network, once for all who ask at the same time. */
  resolveKeys(did: string): DidKeys | Promise<DidKeys>
  /** The document as it stands now, and what is known of it; throws as `resolveKeys` does. Not remembered. */
  resolveDocument(did: string): Promise<ResolvedDocument>
  /** Whole documents for software that wants them, such as Veramo; not remembered. */
  documents: Resolvable
  /** Forgets one DID, or all: what is being resolved right now is resolved again. */
  invalidate(did?: string): void
}

interface ResolvedDocument {
  didDocument: object
  didDocumentMetadata: object
}

export interface KeyResolverOptions {
  chain: ChainSettings
  /** Whether of several RPC URLs two must say the same of a did:ethr; true unless nobody but oneself relies on it. */
  agreement?: boolean
  /** How documents of did:web are fetched; without it no did:web is resolved, whoever names it. */
  fetch?: GuardedFetch
  /** How long keys are remembered without a word from the chain, in milliseconds. */
  ttlMs?: number
  /** How many DIDs are remembered. */
  max?: number
  /** How long one resolution over the chain may take, in milliseconds. */
  deadlineMs?: number
}

/** What two say and a third does not is looked at again after so many milliseconds. */
const ON_THE_MOVE_MS = 1_000

/** Resolves did:key, did:ethr and did:web into keys to verify with. */
export function createKeyResolver(options: KeyResolverOptions): KeyResolver {
  const { chain, agreement = true, fetch, ttlMs = 60_000, max = 10_000, deadlineMs = 5_000 } = options
  const ethr = (agreement ? throughEach(chain) : [chain]).map(ethrResolver)
  const cache = new LRUCache<string, DidKeys>({
    max,
    ttl: ttlMs,
    async fetchMethod(did, _stale, { options }) {
      if (fetch && did.startsWith('did:web:')) return documentKeys(did, await resolveWebDid(fetch, did))
      const { resolved, isUnanimous } = await resolveOverNetwork(ethr, did, deadlineMs)
      if (!isUnanimous) options.ttl = Math.min(ttlMs, ON_THE_MOVE_MS)
      return documentKeys(did, resolved.didDocument)
    },
  })
  const fetchKeys = async (did: string, mayRetry = true): Promise<DidKeys> => {
    const keys = await cache.fetch(did).catch((error: unknown) => {
      if (error instanceof DomainError || !mayRetry) throw error
      return undefined
    })
    if (keys) return keys
    if (mayRetry) return fetchKeys(did, false)
    throw new DomainError('did_unresolvable', `${did} changes faster than it can be resolved; try again.`)
  }
  return {
    resolveKeys(did) {
      const known = cache.get(did)
      if (known) return known
      if (!did.startsWith('did:key:')) return fetchKeys(did)
      const keys = resolveDidKey(did)
      cache.set(did, keys, { ttl: 0 })
      return keys
    },
    async resolveDocument(did) {
      if (did.startsWith('did:key:')) return { didDocument: didKeyDocument(did), didDocumentMetadata: {} }
      if (fetch && did.startsWith('did:web:')) {
        const didDocument = await resolveWebDid(fetch, did)
        if (didDocument.id !== did)
          throw new DomainError('did_malformed', `${did} names a document that is of another DID.`)
        return { didDocument, didDocumentMetadata: {} }
      }
      if (did.startsWith('did:ethr:') && parseEthrDid(did).chainId !== chain.chainId)
        throw new DomainError(
          'did_method_unsupported',
          `${did} is on another chain than ${chain.chainId}, and cannot be resolved here.`,
        )
      return (await resolveOverNetwork(ethr, did, deadlineMs)).resolved
    },
    documents: { resolve: async (did) => (await resolveEthr(ethr, did)).value },
    invalidate: (did) => (did === undefined ? cache.clear() : void cache.delete(did)),
  }
}

async function resolveOverNetwork(
  ethr: readonly ResolveEthr[],
  did: string,
  deadlineMs: number,
): Promise<{ resolved: ResolvedDocument & { didDocument: DIDDocument }; isUnanimous: boolean }> {
  if (!did.startsWith('did:ethr:'))
    throw new DomainError('did_method_unsupported', `${did} cannot be resolved here; use did:key or did:ethr.`)
  const { value, isUnanimous } = await withDeadline(resolveEthr(ethr, did), deadlineMs).catch((cause: unknown) => {
    if (cause instanceof DomainError && cause.code === 'chain_disagreement') throw cause
    throw new DomainError('did_unresolvable', `${did} could not be resolved; try again.`, { cause })
  })
  return { resolved: documentOf(did, value), isUnanimous }
}

function resolveEthr(ethr: readonly ResolveEthr[], did: string) {
  const asks = ethr.map((resolve) => () => resolve(did))
  return agree(asks, ({ didDocument, didDocumentMetadata }) => JSON.stringify([didDocument, didDocumentMetadata]), did)
}

function documentOf(did: string, result: DIDResolutionResult) {
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = result
  if (didDocumentMetadata.deactivated)
    throw new DomainError('did_deactivated', `${did} was deactivated; nothing it signed counts any more.`)
  if (!didDocument || didResolutionMetadata.error)
    throw new DomainError('did_unresolvable', `${did} could not be resolved; check the DID and its chain.`, {
      reason: `${didResolutionMetadata.error} ${didResolutionMetadata.message ?? ''}`,
    })
  return { didDocument, didDocumentMetadata }
}

function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs)
    void work.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    )
  })
  return Promise.race([work, late])
}
