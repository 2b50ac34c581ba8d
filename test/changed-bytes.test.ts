import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import {
  bitstringDigest,
  buildStatusListCredential,
  DomainError,
  emptyBitstring,
  encodeBitstring,
  type Head,
  headDigest,
  headRoot,
  parseStrictJson,
  verifyHead,
  verifyPresentation,
  withBit,
} from '@consulate/core'
import { expect } from 'chai'
import fc from 'fast-check'
import { serializeSignature, sign } from 'viem/accounts'
import { CHALLENGE, DOMAIN, keysOf, NOW, newWorld, signToken } from '../packages/core/src/presentation/signed.test.ts'
import { fetchHead } from '../packages/sdk/src/status/fetch-head.ts'
import { fetchList } from '../packages/sdk/src/status/fetch-list.ts'
import { type Entrance, entrancesOf, ROLE } from './system/entrances.ts'
import { send } from './system/http.ts'
import { DOMAIN as ORIGIN, type System, startSystem } from './system/start-system.ts'
import texts from './vectors/invalid/texts.json' with { type: 'json' }

const RUNS = 300
const REQUESTS = 30
const MAX_CPU_MS = 50
const MAX_BYTES = 20_000_000

/** What takes long to read, or to say what is wrong with it, unless a limit comes first. */
const WORST = [
  `{"entries":[${'0,'.repeat(200_000)}0]}`,
  `{"entries":${'['.repeat(200_000)}`,
  `{${'"a":0,'.repeat(20_000)}"b":0}`,
  `"${'\\\\'.repeat(200_000)}`,
  'A'.repeat(500_000),
  `${'A'.repeat(80_000)}.${'A'.repeat(80_000)}.`,
  '.'.repeat(500_000),
  '-'.repeat(100_000),
]

/** What a verifier reads of others, and how: `read` answers with what it was told, or throws. */
interface Parser {
  valid: string
  read(input: Buffer): Promise<unknown>
}

describe('whatever byte is changed', () => {
  const world = newWorld()
  const verify = (token: string) => verifyPresentation(world.ports, token, { domain: DOMAIN, challenge: CHALLENGE })
  const parsers: Record<string, () => Parser | Promise<Parser>> = {
    presentation: () => ({ valid: world.presentation(), read: (input) => verify(input.toString()) }),
    credential: () => ({
      valid: world.credential(),
      read: (input) => verify(world.presentation({ credentials: [input.toString()] })),
    }),
    'status list': statusList,
    head: publishedHead,
  }

  for (const [name, make] of Object.entries(parsers))
    it(`of a ${name}, it is refused with a code or says the same, within 50 ms and 20 MB`, async () => {
      const { valid, read } = await make()
      const original = await read(Buffer.from(valid))
      const property = fc.asyncProperty(changedBytes(valid), async (input) => {
        fc.pre(input.toString() !== valid)
        const { told, refused } = await bounded(() => read(input))
        if (refused !== undefined) expect(refused).to.be.instanceOf(DomainError)
        else {
          expect(name, 'a token is signed as it is').to.equal('head')
          expect(isDeepStrictEqual(told, original), 'it says something else').to.equal(true)
        }
      })
      await fc.assert(property, {
        numRuns: RUNS,
        examples: [...texts, ...WORST].map((text) => [Buffer.from(text)]),
        asyncReporter: report,
      })
    })

  it('of a request body, no service fails, and no verifier says yes', async () => {
    const system = await startSystem()
    try {
      for (const { url, method, token, body, name, verifies } of await rightRequests(system)) {
        const property = fc.asyncProperty(changedBytes(JSON.stringify(body)), async (input) => {
          fc.pre(!saysTheSame(input, body))
          const { status, text } = await send(url, { method, token, body: input })
          expect(status, `${name}: ${text}`).to.be.within(200, 499)
          if (verifies) expect(text, name).to.not.match(/"verified":\s*true/)
        })
        const examples = texts.map((text): [Buffer] => [Buffer.from(text)])
        await fc.assert(property, { numRuns: REQUESTS, examples, asyncReporter: report })
      }
    } finally {
      await system.stop()
    }
  })

  function statusList(): Parser {
    const bits = withBit(emptyBitstring(), 42, true)
    const entry = {
      name: 'https://issuer.example/status-lists/r',
      purpose: 'revocation' as const,
      version: 1,
      digest: bitstringDigest(bits),
    }
    const { did: issuer } = world.issuer
    const credential = buildStatusListCredential({
      url: entry.name,
      issuer,
      purpose: entry.purpose,
      encodedList: encodeBitstring(bits),
      validFrom: NOW,
      validUntil: NOW + 600,
      ttlMs: 5_000,
    })
    const expected = { issuer, keys: keysOf(world.issuer), now: NOW, deadlineMs: 10_000 }
    return {
      valid: signToken(world.issuer, 'vc+jwt', credential),
      read: (input) => fetchList(answering(input), entry, expected),
    }
  }

  async function publishedHead(): Promise<Parser> {
    const issuer = `0x${'22'.repeat(20)}` as const
    const domain = { chainId: 31_337, verifyingContract: `0x${'33'.repeat(20)}` as const }
    const digest = bitstringDigest(emptyBitstring())
    const names = ['r', 's'].map((name) => `https://issuer.example/status-lists/${name}`)
    const entries = names.map((name) => ({ name, purpose: 'revocation' as const, version: 1, digest }))
    const head: Head = {
      issuer,
      epoch: 0,
      version: 7,
      prev: `0x${'00'.repeat(32)}`,
      root: headRoot(entries),
      issuedAt: NOW,
      validUntil: NOW + 600,
    }
    const signature = await sign({ hash: headDigest(head, domain), privateKey: `0x${'11'.repeat(32)}` })
    const published = {
      head,
      signature: serializeSignature(signature),
      signer: '0x19e7e376e7c213b7e7e7e46cc70a5dd086daff2a',
      entries: entries.map(({ digest: sha256, ...entry }) => ({ ...entry, sha256 })),
    }
    const expected = { issuer: world.issuer.did, limits: { lists: 256, bytes: 2 ** 24 }, deadlineMs: 10_000 }
    return {
      valid: JSON.stringify(published),
      async read(input) {
        const told = await fetchHead(answering(input), 'https://issuer.example/status', expected)
        verifyHead(told, { issuer, domain })
        return told
      },
    }
  }
})

/** What the routes take that take a body, as it is accepted. */
async function rightRequests(system: System): Promise<Entrance[]> {
  await system.clients.issuer.putRole(ROLE, { description: ROLE, maxValiditySeconds: 3600, sensitivity: 'high' })
  const agent = await system.agentWith('target', ROLE)
  const options = { domain: ORIGIN, challenge: (await system.clients.verifier.challenge(ORIGIN)).challenge }
  const verifiablePresentation = await agent.wallet.present(options)
  const { verifiableCredential } = agent.credential
  return entrancesOf(system, agent).map((entrance) => {
    if (!entrance.verifies) return entrance
    const presents = 'verifiablePresentation' in entrance.body
    return { ...entrance, body: presents ? { verifiablePresentation, options } : { verifiableCredential } }
  })
}

/** Bytes flipped, put in, left out or repeated, up to three times. */
function changedBytes(valid: string): fc.Arbitrary<Buffer> {
  const at = fc.nat(valid.length)
  const change = fc.oneof(
    fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([at, mask]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes)
      if (at < changed.length) changed[at]! ^= mask
      return changed
    }),
    fc.tuple(at, fc.uint8Array({ maxLength: 8 })).map(([at, added]) => (bytes: Buffer) => {
      return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
    }),
    fc.tuple(at, at).map(([from, to]) => (bytes: Buffer) => {
      return Buffer.concat([bytes.subarray(0, Math.min(from, to)), bytes.subarray(Math.max(from, to))])
    }),
    fc.tuple(at, fc.integer({ min: 1, max: 64 }), fc.constantFrom(2, 100, 10_000)).map(([at, size, times]) => {
      return (bytes: Buffer) => {
        const piece = bytes.subarray(at, at + size)
        return Buffer.concat([bytes.subarray(0, at), ...Array<Buffer>(times).fill(piece), bytes.subarray(at + size)])
      }
    }),
  )
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((bytes, apply) => apply(bytes), Buffer.from(valid)))
}

/** What is slow or large by itself is so every time; what the machine does besides is not. */
async function bounded(read: () => Promise<unknown>): Promise<{ told?: unknown; refused?: unknown }> {
  const costs: string[] = []
  for (let attempt = 0; attempt < 20; attempt++) {
    if (attempt > 0) await sleep(attempt)
    const [cpu, bytes] = [process.cpuUsage(), bytesInUse()]
    const outcome = await read().then(
      (told) => ({ told }),
      (refused: unknown) => ({ refused }),
    )
    const { user, system } = process.cpuUsage(cpu)
    const [spentMs, grown] = [(user + system) / 1_000, bytesInUse() - bytes]
    if (spentMs < MAX_CPU_MS && grown < MAX_BYTES) return outcome
    costs.push(`${spentMs} ms, ${grown} bytes`)
  }
  throw new Error(`it took ${costs.join('; ')}`)
}

/** What failed, and where to find the input again; the input itself may have a megabyte. */
async function report({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<[Buffer]>): Promise<void> {
  if (failed) throw new Error(`{ seed: ${seed}, path: '${counterexamplePath}' }: ${errorInstance}`)
}

function bytesInUse(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function saysTheSame(input: Buffer, body: unknown): boolean {
  try {
    return isDeepStrictEqual(parseStrictJson(input), body)
  } catch {
    return false
  }
}

/** A network on which everybody answers with this. */
function answering(input: Buffer): typeof globalThis.fetch {
  return async () => new Response(new Uint8Array(input))
}
