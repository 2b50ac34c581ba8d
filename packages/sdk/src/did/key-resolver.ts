import { type DidKeys, DomainError, resolveDidKey } from '@consulate/core'
import type { DIDResolutionResult, Resolvable } from 'did-resolver'
import { LRUCache } from 'lru-cache'
import type { ChainSettings } from '../chain-settings.ts'
import { documentKeys } from './document-keys.ts'
import { ethrResolver } from './ethr-resolver.ts'

export interface KeyResolver {
  /** From memory when it is known, else over the network, once for all who ask at the same time. */
  resolveKeys(did: string): DidKeys | Promise<DidKeys>
  /** Whole documents for software that wants them, such as Veramo; not remembered. */
  documents: Resolvable
  /** Forgets one DID, or all: what is being resolved right now is resolved again. */
  invalidate(did?: string): void
}

export interface KeyResolverOptions {
  chain: ChainSettings
  /** How long keys are remembered without a word from the chain, in milliseconds. */
  ttlMs?: number
  /** How many DIDs are remembered. */
  max?: number
  /** How long one resolution may take, in milliseconds. */
  deadlineMs?: number
}

/** Resolves did:key and did:ethr into keys to verify with. */
export function createKeyResolver(options: KeyResolverOptions): KeyResolver {
  const { chain, ttlMs = 60_000, max = 10_000, deadlineMs = 5_000 } = options
  const ethr = ethrResolver(chain)
  const cache = new LRUCache<string, DidKeys>({
    max,
    ttl: ttlMs,
    fetchMethod: (did) => resolveOverNetwork(ethr, did, deadlineMs),
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
    documents: { resolve: async (did) => (await ethr()).resolve(did) },
    invalidate: (did) => (did === undefined ? cache.clear() : void cache.delete(did)),
  }
}

async function resolveOverNetwork(ethr: () => Promise<Resolvable>, did: string, deadlineMs: number): Promise<DidKeys> {
  if (!did.startsWith('did:ethr:'))
    throw new DomainError('did_method_unsupported', `${did} cannot be resolved here; use did:key or did:ethr.`)
  const result = await withDeadline((await ethr()).resolve(did), deadlineMs).catch((cause: unknown) => {
    throw new DomainError('did_unresolvable', `${did} could not be resolved; try again.`, { cause })
  })
  return keysOf(did, result)
}

function keysOf(did: string, result: DIDResolutionResult): DidKeys {
  const { didDocument, didResolutionMetadata, didDocumentMetadata } = result
  if (didDocumentMetadata.deactivated)
    throw new DomainError('did_deactivated', `${did} was deactivated; nothing it signed counts any more.`)
  if (!didDocument || didResolutionMetadata.error)
    throw new DomainError('did_unresolvable', `${did} could not be resolved; check the DID and its chain.`, {
      reason: `${didResolutionMetadata.error} ${didResolutionMetadata.message ?? ''}`,
    })
  return documentKeys(did, didDocument)
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
