const GAS_LIMIT = 2n ** 24n // of one transaction, EIP-7825

/** What is offered for a call that is estimated to take so much gas: a quarter more, for what changes until it is mined. */
export function gasOffered(estimate: bigint): bigint {
  const padded = estimate + estimate / 4n
  return padded < GAS_LIMIT ? padded : GAS_LIMIT
}
