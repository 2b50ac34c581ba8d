/** VCDM 2.0 base context; always the first entry of `@context`. */
export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2'

const VOCABULARY = 'urn:consulate:vocabulary#'

/** What the type `AgentRoleCredential` means. */
export const ROLE_CREDENTIAL_TYPE = `${VOCABULARY}AgentRoleCredential`

/** The terms of a role credential, inline so that nobody ever fetches a context for them. */
export const ROLE_CONTEXT = {
  '@protected': true,
  AgentRoleCredential: ROLE_CREDENTIAL_TYPE,
  role: `${VOCABULARY}role`,
  sensitivity: `${VOCABULARY}sensitivity`,
  operator: `${VOCABULARY}operator`,
  constraints: { '@id': `${VOCABULARY}constraints`, '@type': '@json' },
  claims: { '@id': `${VOCABULARY}claims`, '@type': '@json' },
} as const

export const ROLE_CREDENTIAL_CONTEXT = [CREDENTIALS_V2, ROLE_CONTEXT] as const
