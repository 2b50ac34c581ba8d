import { CREDENTIALS_V2 } from '../credential/context.ts'

const TYPES = {
  'vc+jwt': 'EnvelopedVerifiableCredential',
  'vp+jwt': 'EnvelopedVerifiablePresentation',
} as const

export type SecuredType = keyof typeof TYPES

/** A compact token as VCDM 2.0 §4.12.1 and §4.13.2 write it into other documents. */
export interface Envelope<Typ extends SecuredType = SecuredType> {
  '@context': [typeof CREDENTIALS_V2]
  type: (typeof TYPES)[Typ]
  id: `data:application/${Typ},${string}`
}

export function envelope<Typ extends SecuredType>(typ: Typ, token: string): Envelope<Typ> {
  return { '@context': [CREDENTIALS_V2], type: TYPES[typ], id: `data:application/${typ},${token}` }
}
