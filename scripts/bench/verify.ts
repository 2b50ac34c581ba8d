import { strict as assert } from 'node:assert'
import { verify } from 'node:crypto'
import { resolveDidKey } from '@consulate/core'
import { measure, type Operation } from './measure.ts'
import type { Report } from './report.ts'
import { createRole, type Presented, present, presentAsV1 } from './verify/content.ts'
import { createOurs } from './verify/ours.ts'
import { createParty } from './verify/party.ts'
import { createSecured } from './verify/secured.ts'
import { createStockVeramo } from './verify/stock-veramo.ts'

const LEGEND = [
  'All contenders take turns in one process; each operation has a presentation of its own, made before the clock starts.',
  'raw    one node:crypto verification over as many bytes as the presentation signs; the KeyObject is kept.',
  'cold   verifyPresentation over a credential never seen before. In memory: the keys of issuer and holder as KeyObjects',
  '       (both DIDs were resolved before), two status lists of 131,072 bits, the challenges (no database).',
  'warm   the same, with a credential that was checked before; signature of the holder, period, trust and status again.',
  'eddsa… the same with Data Integrity proofs, as instances verify them: JSON-LD terms checked, contexts in memory, no status.',
  "stock  Veramo's verifyPresentation and verifyCredential over the same claims as VCDM 1.1 JWTs; DID documents cached;",
  '       it checks neither status nor that the holder is the subject.',
]

/** Our verification of a presentation with one role credential, against one raw signature check and stock Veramo. */
export async function benchVerify(rounds: number): Promise<Report> {
  const { raw, cold, warm, stock } = await measure(contenders(), rounds)
  // Apart: what JSON-LD leaves for the collector would be charged to the others.
  const { rdfc, jcs } = await measure(securedContenders(), rounds / 4)
  const [coldRatio, warmRatio, stockRatio] = [cold / raw, warm / raw, stock / cold]
  return {
    rows: [
      { what: 'raw Ed25519 verify', median: micros(raw) },
      { what: 'ours, cold', median: micros(cold), ...judge(coldRatio <= 3, coldRatio, 'raw', '≤ 3.0') },
      { what: 'ours, warm', median: micros(warm), ...judge(warmRatio <= 1.6, warmRatio, 'raw', '≤ 1.6') },
      { what: 'ours, eddsa-jcs-2022', median: micros(jcs), ratio: `${(jcs / raw).toFixed(1)} × raw` },
      { what: 'ours, eddsa-rdfc-2022', median: micros(rdfc), ratio: `${(rdfc / raw).toFixed(1)} × raw` },
      { what: 'stock Veramo', median: micros(stock), ...judge(stockRatio >= 12, stockRatio, 'cold', '≥ 12') },
    ],
    legend: LEGEND,
    figures: {
      rawVerifyUs: raw,
      coldUs: cold,
      warmUs: warm,
      stockUs: stock,
      rdfcUs: rdfc,
      jcsUs: jcs,
      coldRatio,
      warmRatio,
      stockRatio,
    },
  }
}

function contenders() {
  const issuer = createParty()
  const holder = createParty()
  const [{ publicKey } = assert.fail()] = resolveDidKey(holder.did).verificationMethods.values()
  const ours = createOurs(issuer.did)
  const stock = createStockVeramo()
  const issue = () => issuer.signJws('vc+jwt', createRole(issuer, holder))
  const known = issue()

  const verifyRaw = ({ presentation }: Presented): Operation => {
    const end = presentation.lastIndexOf('.')
    const signingInput = Buffer.from(presentation.slice(0, end))
    const signature = Buffer.from(presentation.slice(end + 1), 'base64url')
    return () => assert(verify(null, signingInput, publicKey!, signature))
  }
  const verifyOurs = (presented: Presented): Operation => {
    ours.give(presented.demand.challenge)
    return () => ours.verify(presented)
  }
  const verifyStock =
    (presented: Presented): Operation =>
    () =>
      stock.verify(presented)

  return {
    raw: { perRound: 20, prepare: () => verifyRaw(present(issue(), holder)) },
    cold: { perRound: 20, prepare: () => verifyOurs(present(issue(), holder)) },
    warm: { perRound: 20, prepare: () => verifyOurs(present(known, holder)) },
    stock: { perRound: 2, prepare: () => verifyStock(presentAsV1(createRole(issuer, holder), issuer, holder)) },
  }
}

function securedContenders() {
  return {
    jcs: { perRound: 2, prepare: createSecured('eddsa-jcs-2022') },
    rdfc: { perRound: 2, prepare: createSecured('eddsa-rdfc-2022') },
  }
}

function micros(value: number): string {
  return `${value.toFixed(1)} µs`
}

function judge(met: boolean, ratio: number, unit: string, goal: string) {
  return { ratio: `${ratio.toFixed(2)} × ${unit}`, goal: `${goal} × ${unit}`, met: met ? 'yes' : 'no' }
}
