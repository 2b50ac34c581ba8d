import { addressOfKey, type DelegateType, isDelegate, readOwner } from '@consulate/registry'
import { ConfigError } from '@consulate/server'
import type { IssuerOnChain } from './change-own-did.ts'
import type { IssuerKeys } from './issuer-identity.ts'

const DELEGATES: DelegateType[] = ['statusAnchor', 'statusKill', 'veriKey', 'sigAuth']

/** The relayer's key pays and may do nothing else. Throws a ConfigError when it has a say over the issuer, here or on chain. */
export async function assertRelayerApart(
  { client, chain: { didRegistry }, relayer }: Pick<IssuerOnChain, 'client' | 'chain' | 'relayer'>,
  { did, address: identity, owner, keys }: IssuerKeys,
): Promise<void> {
  const { address } = relayer
  const refuse = (authority: string) => {
    const mistake = `CONSULATE_RELAYER_KEY is the key of ${address}, ${authority} of ${did}; give it an account of its own, which only pays`
    throw new ConfigError([mistake])
  }
  if (addressOfKey(owner.publicKeyHex) === address) refuse('the owner')
  for (const purpose of ['statusAnchor', 'statusKill'] as const)
    if (addressOfKey(keys[purpose].publicKeyHex) === address) refuse(`a ${purpose} delegate`)
  if ((await readOwner(client, { didRegistry, identity })) === address) refuse('the owner')
  for (const delegateType of DELEGATES)
    if (await isDelegate(client, { didRegistry, identity, delegateType, delegate: address }))
      refuse(`a ${delegateType} delegate`)
}
