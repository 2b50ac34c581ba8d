import { bigint } from '@consulate/server'
import { EntitySchema } from 'typeorm'
import type { InstanceCredential, InstanceList, InstanceListVersion } from '../instance-records.ts'

const key = { type: 'text', primary: true } as const
const text = { type: 'text' } as const
const integer = { type: 'integer' } as const
const optional = { nullable: true } as const

export const InstanceListEntity = new EntitySchema<InstanceList>({
  name: 'instance_list',
  columns: {
    instance: key,
    id: key,
    url: text,
    purpose: text,
    number: integer,
    nextCounter: { ...integer, name: 'next_counter' },
    version: bigint,
    encodedList: { ...text, name: 'encoded_list' },
    changedAt: { ...bigint, name: 'changed_at' },
  },
})

export const InstanceListVersionEntity = new EntitySchema<InstanceListVersion>({
  name: 'instance_list_version',
  columns: {
    instance: key,
    list: key,
    version: { ...bigint, primary: true },
    encodedList: { ...text, name: 'encoded_list' },
    changedAt: { ...bigint, name: 'changed_at' },
  },
})

export const InstanceCredentialEntity = new EntitySchema<InstanceCredential>({
  name: 'instance_credential',
  columns: {
    id: key,
    instance: text,
    credentialId: { ...text, name: 'credential_id', ...optional },
    payload: text,
    issuedAt: { ...bigint, name: 'issued_at' },
    issuedBy: { ...text, name: 'issued_by' },
    revocationList: { ...text, name: 'revocation_list', ...optional },
    revocationIndex: { ...integer, name: 'revocation_index', ...optional },
    suspensionList: { ...text, name: 'suspension_list', ...optional },
    suspensionIndex: { ...integer, name: 'suspension_index', ...optional },
    revoked: { type: 'boolean' },
    suspended: { type: 'boolean' },
    changedBy: { ...text, name: 'changed_by', ...optional },
  },
  indices: [
    { name: 'instance_credential_name', columns: ['instance', 'credentialId'] },
    {
      name: 'instance_credential_revocation',
      columns: ['instance', 'revocationList', 'revocationIndex'],
      unique: true,
    },
    {
      name: 'instance_credential_suspension',
      columns: ['instance', 'suspensionList', 'suspensionIndex'],
      unique: true,
    },
  ],
})
