/** How much of one issuer is kept in memory. */
export interface StatusLimits {
  lists: number
  /** Of all its lists together, unpacked. */
  bytes: number
}

/**
 * Eleven million credentials of ours: a list of 131,072 bits closes after some 91,000, and each purpose has its own. The bytes
 * leave room for issuers with longer lists.
 */
export const STATUS_LIMITS: StatusLimits = { lists: 256, bytes: 16_777_216 }
