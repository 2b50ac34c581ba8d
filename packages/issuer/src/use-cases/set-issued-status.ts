import { DomainError, decodeBitstring, encodeBitstring, type StatusPurpose, withBit } from '@consulate/core'
import type { Context } from '../context.ts'
import type { InstanceTransaction } from '../instance-ports.ts'
import type { InstanceCredential } from '../instance-records.ts'
import { instanceOf } from './instance-of.ts'

export interface IssuedStatus {
  instance: string
  credentialId: string
  purpose: StatusPurpose
  status: boolean
  by: string
}

/**
 * Suspends, lifts that again, or revokes for good, whatever was issued under this id. Throws `instance_unknown`,
 * `credential_unknown`, also when it has no entry of this purpose, `revocation_is_final`.
 */
export async function setIssuedStatus(
  ctx: Pick<Context, 'instances' | 'instanceStore' | 'clock'>,
  { instance, credentialId, purpose, status, by }: IssuedStatus,
): Promise<void> {
  const { name } = instanceOf(ctx, instance)
  await ctx.instanceStore.once(async (tx) => {
    const named = await tx.credentialsNamed(name, credentialId)
    const listed = named.filter((credential) => credential[`${purpose}List`] !== null)
    if (listed.length === 0)
      throw new DomainError(
        'credential_unknown',
        `The instance ${name} issued nothing as ${credentialId} with an entry for ${purpose}.`,
      )
    for (const credential of listed) await setBit(ctx, tx, credential, { purpose, status, by })
  })
}

async function setBit(
  { clock }: Pick<Context, 'clock'>,
  tx: InstanceTransaction,
  credential: InstanceCredential,
  { purpose, status, by }: Pick<IssuedStatus, 'purpose' | 'status' | 'by'>,
): Promise<void> {
  const { id, instance } = credential
  const list = (await tx.lockList(instance, credential[`${purpose}List`]!))!
  const bits = decodeBitstring(list.encodedList)
  const index = credential[`${purpose}Index`]!
  // The list, which is locked, has the last word.
  const changed = withBit(bits, index, status)
  if (Buffer.compare(bits, changed) === 0) return
  if (purpose === 'revocation' && !status)
    throw new DomainError('revocation_is_final', 'What is revoked stays so for good; issue a new credential instead.')
  const next = { ...list, encodedList: encodeBitstring(changed), version: list.version + 1, changedAt: clock.now() }
  await tx.saveList(next)
  await tx.addListVersion(next)
  const { revoked, suspended } = credential
  await tx.saveStatus({
    id,
    changedBy: by,
    ...(purpose === 'revocation' ? { revoked: status, suspended } : { revoked, suspended: status }),
  })
}
