import { DomainError, type ErrorCode } from '@consulate/core'
import { type Abi, BaseError, decodeErrorResult, type Hex, isHex } from 'viem'
import { didRegistryAbi, statusRegistryAbi } from '../abi.ts'

/**
 * The chain's answer, or a DomainError: what a contract refused under the code that fits its error,
 * everything else as `chain_unavailable`. viem's own errors are not passed on: they quote RPC URLs, keys included.
 */
export async function askChain<Answer>(action: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (error) {
    throw chainError(action, error)
  }
}

function chainError(action: string, error: unknown): DomainError {
  const data = revertData(error)
  if (data) {
    const { name, text } = describeRevert(data)
    return new DomainError(codes[name] ?? 'chain_unavailable', `Asked to ${action}, the contract refused: ${text}.`, {
      reason: `reverted with ${text}`,
    })
  }
  const reason = describe(error)
  const way = /insufficient funds/i.test(reason)
    ? 'fund the account that pays'
    : 'check the RPC URLs and the registry addresses'
  return new DomainError('chain_unavailable', `Asked to ${action}, the chain gave no usable answer: ${way}.`, {
    reason,
  })
}

/** Nodes put the revert data into `data` of the RPC error; some of them one level deeper. */
function revertData(error: unknown): Hex | undefined {
  let data: Hex | undefined
  if (error instanceof BaseError) {
    error.walk((cause) => {
      const found = (cause as { data?: unknown }).data
      const nested = (found as { data?: unknown } | undefined)?.data
      data = [found, nested].find((candidate): candidate is Hex => isHex(candidate) && candidate.length >= 10)
      return data !== undefined
    })
  }
  return data
}

const abi: Abi = [...statusRegistryAbi, ...didRegistryAbi]

function describeRevert(data: Hex): { name: string; text: string } {
  try {
    const { errorName, args } = decodeErrorResult({ abi, data })
    const values = args ?? []
    if (errorName === 'Error') return { name: `${values[0]}`, text: `${values[0]}` }
    return { name: errorName, text: `${errorName}(${values.join(', ')})` }
  } catch {
    return { name: data.slice(0, 10), text: `unknown error ${data.slice(0, 10)}` }
  }
}

/** By the name of the contract's error; ERC-1056 has `require` texts only. */
const codes: Record<string, ErrorCode> = {
  NotDelegate: 'key_not_authorized',
  NeverDelegate: 'key_not_authorized',
  WrongSigner: 'signature_invalid',
  ECDSAInvalidSignature: 'signature_invalid',
  ECDSAInvalidSignatureLength: 'signature_invalid',
  ECDSAInvalidSignatureS: 'signature_invalid',
  bad_signature: 'signature_invalid',
  bad_actor: 'key_not_authorized',
  EpochMismatch: 'status_rollback',
  EpochNotNext: 'status_rollback',
  VersionNotAhead: 'status_rollback',
  IssuedBeforeAnchored: 'status_rollback',
  HeadExpired: 'head_expired',
  TooFarAhead: 'invalid_request',
  InvalidKillTarget: 'invalid_request',
  NoEquivocation: 'invalid_request',
}

function describe(error: unknown): string {
  if (error instanceof BaseError) return `${error.name}: ${error.shortMessage} ${error.details ?? ''}`.trim()
  return error instanceof Error ? error.message : String(error)
}
