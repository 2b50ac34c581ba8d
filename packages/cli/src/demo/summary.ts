import { green, red } from '../terminal/style.ts'
import type { Undisturbed } from './go-on.ts'
import type { Hijack } from './hijack.ts'
import type { Theft } from './thief.ts'
import type { Instance } from './with-instance.ts'

/** What was seen. Times in milliseconds. */
export interface Seen {
  instance: Instance['kind']
  agents: number
  createMs: number
  presentMs: number
  /** How many of the agents passed at first. */
  presented: number
  hijack: Hijack
  othersDuring: Undisturbed
  /** How many of the others passed afterwards. */
  othersPassedAfter: number
  thefts: Theft[]
  totalMs: number
}

export interface Summary extends Seen {
  /** Whether all of the story held. */
  ok: boolean
}

interface Claim {
  text: string
  holds: boolean
}

/** The story, claim by claim. */
function claimsOf(seen: Seen): Claim[] {
  const { agents, hijack, othersDuring, thefts } = seen
  const others = agents - 1
  return [
    {
      text: `${seen.presented} of ${agents} agents, each with its own DID and role, present it and pass (made in ${seconds(seen.createMs)}, presented in ${seconds(seen.presentMs)})`,
      holds: seen.presented === agents,
    },
    {
      text: `a stolen credential is useless to another key: ${thefts.map(({ refusal }) => refusal ?? 'it passed').join(', ')}`,
      holds: thefts.every(({ refusal }) => refusal !== undefined && THEFT_REFUSALS.has(refusal)),
    },
    {
      text: `the hijacked agent is refused ${ms(hijack.firstRefusalMs)} after the revoke call (${hijack.refusal}), and from then on`,
      holds: hijack.refusal === 'credential_revoked' && !hijack.passedAgain,
    },
    {
      text: `the revocation stands in block ${hijack.block} of the chain ${ms(hijack.anchoredMs)} after the revoke call`,
      holds: hijack.block !== undefined,
    },
    {
      text: `meanwhile the other ${others} go on: ${othersDuring.presentations} presentations, ${othersDuring.refused} refused, the slowest took ${ms(othersDuring.slowestMs)}`,
      holds: othersDuring.presentations > 0 && othersDuring.refused === 0,
    },
    { text: `afterwards ${seen.othersPassedAfter} of ${others} pass`, holds: seen.othersPassedAfter === others },
  ]
}

export function summarize(seen: Seen): Summary {
  return { ...seen, ok: claimsOf(seen).every(({ holds }) => holds) }
}

export function describe(summary: Summary): string[] {
  const claims = claimsOf(summary).map(({ text, holds }) => `${holds ? green('✔') : red('✘')} ${text}`)
  const verdict = summary.ok ? green('All of it held') : red('Not all of it held')
  return [...claims, `${verdict}, in ${seconds(summary.totalMs)} on a ${summary.instance} Consulate.`]
}

const THEFT_REFUSALS = new Set(['subject_mismatch', 'holder_mismatch', 'signature_invalid'])

function ms(duration: number): string {
  return `${Math.round(duration)} ms`
}

function seconds(duration: number): string {
  return `${(duration / 1000).toFixed(1)} s`
}
