import { DomainError, type ErrorCode } from '@consulate/core'

/** RFC 9457. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode
}

const VCDM = 'https://www.w3.org/TR/vc-data-model-2.0#'
const STATUS_LIST = 'https://www.w3.org/ns/credentials/status-list#'

const MALFORMED = { status: 400, type: `${VCDM}MALFORMED_VALUE_ERROR` }
const CRYPTOGRAPHIC = { status: 400, type: `${VCDM}CRYPTOGRAPHIC_SECURITY_ERROR` }
const STATUS_VERIFICATION = { status: 400, type: `${STATUS_LIST}STATUS_VERIFICATION_ERROR` }
const STATUS_RETRIEVAL = { status: 400, type: `${STATUS_LIST}STATUS_RETRIEVAL_ERROR` }
const REFUSED = { status: 400 }
const NOT_FOUND = { status: 404 }
const CONFLICT = { status: 409 }
const UNPROCESSABLE = { status: 422 }
const UNAVAILABLE = { status: 503 }

/** The one place where an error code becomes an HTTP status and a problem type. */
const PROBLEMS: Record<ErrorCode, { status: number; type?: string }> = {
  invalid_request: REFUSED,
  malformed_json: { status: 400, type: `${VCDM}PARSING_ERROR` },
  unsupported_media_type: { status: 415 },
  not_acceptable: { status: 406 },
  body_too_large: { status: 413 },
  headers_too_large: { status: 431 },
  request_timeout: { status: 408 },
  too_many_requests: { status: 429 },
  idempotency_key_reused: UNPROCESSABLE,
  unauthenticated: { status: 401 },
  scope_missing: { status: 403 },
  oidc_unavailable: UNAVAILABLE,
  not_found: NOT_FOUND,
  method_not_allowed: { status: 405 },
  internal: { status: 500 },
  unavailable: UNAVAILABLE,
  storage_full: { status: 507 },
  chain_unavailable: UNAVAILABLE,
  did_malformed: MALFORMED,
  did_not_canonical: MALFORMED,
  did_method_unsupported: REFUSED,
  did_unresolvable: REFUSED,
  did_deactivated: CRYPTOGRAPHIC,
  did_cannot_rotate: CONFLICT,
  did_owned_elsewhere: CONFLICT,
  chain_disagreement: REFUSED,
  key_not_found: CRYPTOGRAPHIC,
  key_not_authorized: CRYPTOGRAPHIC,
  token_malformed: MALFORMED,
  token_type_invalid: MALFORMED,
  algorithm_not_allowed: CRYPTOGRAPHIC,
  header_not_allowed: CRYPTOGRAPHIC,
  signature_invalid: CRYPTOGRAPHIC,
  credential_malformed: MALFORMED,
  context_unknown: { status: 400, type: `${VCDM}PARSING_ERROR` },
  terms_undefined: MALFORMED,
  credential_not_yet_valid: REFUSED,
  credential_expired: REFUSED,
  credential_revoked: REFUSED,
  credential_suspended: REFUSED,
  issuer_mismatch: CRYPTOGRAPHIC,
  issuer_not_trusted: REFUSED,
  issuer_keys_unknown: CRYPTOGRAPHIC,
  subject_mismatch: REFUSED,
  proof_malformed: MALFORMED,
  proof_purpose_mismatch: CRYPTOGRAPHIC,
  proof_not_yet_valid: REFUSED,
  proof_expired: REFUSED,
  presentation_malformed: MALFORMED,
  presentation_expired: REFUSED,
  presentation_not_yet_valid: REFUSED,
  presentation_lifetime_too_long: REFUSED,
  holder_mismatch: CRYPTOGRAPHIC,
  domain_mismatch: REFUSED,
  domain_not_allowed: { status: 403 },
  challenge_mismatch: REFUSED,
  challenge_unknown: REFUSED,
  challenge_expired: REFUSED,
  challenge_used: REFUSED,
  request_mismatch: REFUSED,
  status_malformed: MALFORMED,
  status_list_malformed: STATUS_VERIFICATION,
  status_list_length: { status: 400, type: `${STATUS_LIST}STATUS_LIST_LENGTH_ERROR` },
  status_list_mismatch: STATUS_VERIFICATION,
  status_list_unknown: STATUS_RETRIEVAL,
  status_index_out_of_range: { status: 400, type: `${VCDM}RANGE_ERROR` },
  status_unavailable: STATUS_RETRIEVAL,
  status_stale: STATUS_RETRIEVAL,
  anchor_late: STATUS_RETRIEVAL,
  chain_stale: STATUS_RETRIEVAL,
  status_rollback: STATUS_VERIFICATION,
  status_too_large: STATUS_RETRIEVAL,
  heartbeat_ahead: STATUS_VERIFICATION,
  head_malformed: STATUS_VERIFICATION,
  head_expired: STATUS_VERIFICATION,
  head_signer_not_authorized: STATUS_VERIFICATION,
  issuer_equivocated: STATUS_VERIFICATION,
  agent_killed: REFUSED,
  issuer_killed: REFUSED,
  role_unknown: NOT_FOUND,
  role_not_held: NOT_FOUND,
  validity_too_long: UNPROCESSABLE,
  claims_invalid: UNPROCESSABLE,
  agent_unknown: NOT_FOUND,
  agent_name_taken: CONFLICT,
  agent_just_killed: CONFLICT,
  rotation_under_way: CONFLICT,
  credential_unknown: NOT_FOUND,
  presentation_unknown: NOT_FOUND,
  revocation_is_final: CONFLICT,
  issuer_behind: UNAVAILABLE,
  status_list_not_found: { status: 404, type: `${STATUS_LIST}STATUS_RETRIEVAL_ERROR` },
  status_stream_full: UNAVAILABLE,
  trust_unknown: NOT_FOUND,
  epoch_not_opened: CONFLICT,
  resource_server_unknown: NOT_FOUND,
  resource_server_name_taken: CONFLICT,
  instance_unknown: NOT_FOUND,
  administrator_unknown: NOT_FOUND,
}

export const ERROR_CODES = Object.keys(PROBLEMS) as ErrorCode[]

/** What a caller may know of an error. Whatever is no DomainError is `internal` and shows nothing. */
export function toProblem(error: unknown): Problem {
  const { code, message } =
    error instanceof DomainError
      ? error
      : { code: 'internal' as const, message: 'Something went wrong here; the log knows it by the request id.' }
  const { status, type = `urn:consulate:problem:${code}` } = PROBLEMS[code]
  return { type, title: titleOf(code), status, detail: message, code }
}

/** Refusals of the verify routes: VCALM answers all of them with 400 and a list of problems. */
export function toVerificationProblem(problem: Problem): { status: number; body: unknown } {
  const plain = problem.status >= 500 || [401, 404, 413, 415, 422, 429].includes(problem.status)
  if (plain) return { status: problem.status, body: problem }
  const { type, title, detail, code } = problem
  return { status: 400, body: { verified: false, problemDetails: [{ type, title, detail, code }] } }
}

function titleOf(code: ErrorCode): string {
  const words = code.replaceAll('_', ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
