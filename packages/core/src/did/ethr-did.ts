import { secp256k1 } from '@noble/curves/secp256k1.js'
import { DomainError } from '../errors.ts'
import { quote } from '../json/quote.ts'
import { ethereumAddress } from './ethereum-address.ts'

/** What a did:ethr names: an account on one chain. The address is lower-case hex. */
export interface EthrDid {
  chainId: number
  address: `0x${string}`
}

const CANONICAL = /^did:ethr:(0x[1-9a-f][0-9a-f]*):(0x[0-9a-f]{40})$/
const ANY_SPELLING = /^did:ethr:(?:([^:]+):)?0x([0-9a-fA-F]{40}|[0-9a-fA-F]{66})$/

/**
 * Takes a canonical did:ethr apart.
 *
 * @throws DomainError as `canonicalDid` does
 */
export function parseEthrDid(did: string): EthrDid {
  const match = CANONICAL.exec(did)
  const chainId = Number(match?.[1])
  if (match === null || !Number.isSafeInteger(chainId)) throw refusal(did)
  return { chainId, address: match[2] as `0x${string}` }
}

/**
 * The canonical did:ethr of an account; the address may be in checksum case.
 *
 * @throws DomainError `did_malformed`
 */
export function ethrDid(chainId: number, address: `0x${string}`): string {
  return canonicalEthrDid(`did:ethr:0x${chainId.toString(16)}:${address.toLowerCase()}`)
}

/** `canonicalDid` for a value that begins with `did:ethr:`. */
export function canonicalEthrDid(did: string): string {
  parseEthrDid(did)
  return did
}

function refusal(did: string): DomainError {
  const [, network, account] = ANY_SPELLING.exec(did) ?? []
  const address = account === undefined ? undefined : addressOf(account)
  const chain = chainOf(network)
  if (address === undefined || chain === null) {
    return new DomainError(
      'did_malformed',
      `${quote(did)} is not a did:ethr; expected did:ethr:0x<chain id in hex>:0x<20-byte address in lower-case hex>.`,
    )
  }
  return new DomainError(
    'did_not_canonical',
    `${quote(did)} must be written did:ethr:${chain ?? '0x<chain id in hex>'}:${address}.`,
  )
}

function addressOf(account: string): string | undefined {
  if (account.length === 40) return `0x${account.toLowerCase()}`
  try {
    return ethereumAddress(secp256k1.Point.fromHex(account).toBytes(false))
  } catch {
    return undefined
  }
}

/** undefined: a network name we do not know; null: a number that cannot be a chain id. */
function chainOf(network: string | undefined): string | undefined | null {
  if (network === undefined || network === 'mainnet') return '0x1'
  if (!/^0x[0-9a-f]+$/i.test(network)) return undefined
  const chainId = Number(network)
  return Number.isSafeInteger(chainId) && chainId > 0 ? `0x${chainId.toString(16)}` : null
}
