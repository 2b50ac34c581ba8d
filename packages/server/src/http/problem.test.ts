import { DomainError, type ErrorCode } from '@consulate/core'
import { expect } from 'chai'
import { toProblem } from './problem.ts'

const STATUS_LIST = 'https://www.w3.org/ns/credentials/status-list#'
const VCDM = 'https://www.w3.org/TR/vc-data-model-2.0#'

/** Bitstring Status List §3.5, and the errors of VCDM 2.0 that its algorithms raise. */
const STATUS_ERRORS: Record<string, ErrorCode[]> = {
  [`${STATUS_LIST}STATUS_RETRIEVAL_ERROR`]: ['status_unavailable', 'status_list_unknown', 'status_list_not_found'],
  [`${STATUS_LIST}STATUS_VERIFICATION_ERROR`]: ['status_list_mismatch', 'status_list_malformed', 'status_rollback'],
  [`${STATUS_LIST}STATUS_LIST_LENGTH_ERROR`]: ['status_list_length'],
  [`${VCDM}RANGE_ERROR`]: ['status_index_out_of_range'],
  [`${VCDM}MALFORMED_VALUE_ERROR`]: ['status_malformed'],
}

describe('the problem details of a status that cannot be told', () => {
  for (const [type, codes] of Object.entries(STATUS_ERRORS))
    it(`are of the type ${type.split('#')[1]}`, () => {
      for (const code of codes) expect(toProblem(new DomainError(code, 'Why.')), code).to.include({ type, code })
    })
})
