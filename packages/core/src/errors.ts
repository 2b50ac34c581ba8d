/** Every reason this product refuses for. Stable: clients branch on these. */
export type ErrorCode =
  // requests
  | 'invalid_request'
  | 'malformed_json'
  | 'unsupported_media_type'
  | 'not_acceptable'
  | 'body_too_large'
  | 'headers_too_large'
  | 'request_timeout'
  | 'too_many_requests'
  | 'idempotency_key_reused'
  | 'unauthenticated'
  | 'scope_missing'
  | 'oidc_unavailable'
  | 'not_found'
  | 'method_not_allowed'
  | 'internal'
  | 'unavailable'
  | 'storage_full'
  | 'chain_unavailable'
  // DIDs and keys
  | 'did_malformed'
  | 'did_not_canonical'
  | 'did_method_unsupported'
  | 'did_unresolvable'
  | 'did_deactivated'
  | 'did_cannot_rotate'
  | 'did_owned_elsewhere'
  | 'chain_disagreement'
  | 'key_not_found'
  | 'key_not_authorized'
  // signed tokens, whatever they carry
  | 'token_malformed'
  | 'token_type_invalid'
  | 'algorithm_not_allowed'
  | 'header_not_allowed'
  | 'signature_invalid'
  // credentials
  | 'credential_malformed'
  | 'context_unknown'
  | 'terms_undefined'
  | 'credential_not_yet_valid'
  | 'credential_expired'
  | 'credential_revoked'
  | 'credential_suspended'
  | 'issuer_mismatch'
  | 'issuer_not_trusted'
  | 'issuer_keys_unknown'
  | 'subject_mismatch'
  // Data Integrity proofs
  | 'proof_malformed'
  | 'proof_purpose_mismatch'
  | 'proof_not_yet_valid'
  | 'proof_expired'
  // presentations
  | 'presentation_malformed'
  | 'presentation_expired'
  | 'presentation_not_yet_valid'
  | 'presentation_lifetime_too_long'
  | 'holder_mismatch'
  | 'domain_mismatch'
  | 'domain_not_allowed'
  | 'challenge_mismatch'
  | 'challenge_unknown'
  | 'challenge_expired'
  | 'challenge_used'
  | 'request_mismatch'
  // status
  | 'status_malformed'
  | 'status_list_malformed'
  | 'status_list_length'
  | 'status_list_mismatch'
  | 'status_list_unknown'
  | 'status_index_out_of_range'
  | 'status_unavailable'
  | 'status_stale'
  | 'anchor_late'
  | 'chain_stale'
  | 'status_rollback'
  | 'status_too_large'
  | 'heartbeat_ahead'
  | 'head_malformed'
  | 'head_expired'
  | 'head_signer_not_authorized'
  | 'issuer_equivocated'
  | 'agent_killed'
  | 'issuer_killed'
  // services
  | 'role_unknown'
  | 'role_not_held'
  | 'validity_too_long'
  | 'claims_invalid'
  | 'agent_unknown'
  | 'agent_name_taken'
  | 'agent_just_killed'
  | 'rotation_under_way'
  | 'credential_unknown'
  | 'presentation_unknown'
  | 'revocation_is_final'
  | 'issuer_behind'
  | 'status_list_not_found'
  | 'status_stream_full'
  | 'trust_unknown'
  | 'epoch_not_opened'
  | 'resource_server_unknown'
  | 'resource_server_name_taken'
  | 'instance_unknown'
  | 'administrator_unknown'

export interface DomainErrorOptions {
  /** What only the log may say. */
  reason?: string
  cause?: unknown
}

/**
 * A refusal. `message` is public: it names the value, what was expected and what to do;
 * `reason` and `cause` are for the log alone.
 */
export class DomainError extends Error {
  readonly code: ErrorCode
  readonly reason: string | undefined

  constructor(code: ErrorCode, publicMessage: string, options: DomainErrorOptions = {}) {
    super(publicMessage, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'DomainError'
    this.code = code
    this.reason = options.reason
  }
}
