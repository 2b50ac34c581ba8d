export const SERVICES = ['issuer', 'wallet', 'verifier'] as const

export type ServiceName = (typeof SERVICES)[number]
