import { hash, type KeyObject } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { ethereumAddress } from '../did/ethereum-address.ts'
import { importSecp256k1PublicKey } from '../did/import-public-key.ts'
import type { VerificationMethod } from '../did/verification-method.ts'

type AccountMethod = Extract<VerificationMethod, { account: string }>

/** Recovering a key costs several times what verifying with it does. */
const known = new WeakMap<AccountMethod, KeyObject>()

/**
 * The key of the account, once it has signed something: a signature has two keys that it would verify with, and an address
 * tells them apart. Undefined when neither has it.
 */
export function accountKey(
  method: AccountMethod,
  signingInput: Uint8Array,
  signature: Uint8Array,
): KeyObject | undefined {
  const key = known.get(method) ?? recover(method.account, hash('sha256', signingInput, 'buffer'), signature)
  if (key) known.set(method, key)
  return key
}

function recover(account: string, digest: Uint8Array, signature: Uint8Array): KeyObject | undefined {
  const parsed = secp256k1.Signature.fromBytes(signature, 'compact')
  for (const bit of [0, 1]) {
    const point = pointOf(parsed.addRecoveryBit(bit), digest)?.toBytes(false)
    if (point && ethereumAddress(point) === account) return importSecp256k1PublicKey(point)
  }
  return undefined
}

function pointOf(
  signature: ReturnType<InstanceType<typeof secp256k1.Signature>['addRecoveryBit']>,
  digest: Uint8Array,
) {
  try {
    return signature.recoverPublicKey(digest)
  } catch {
    return undefined // r is the x of no point
  }
}
