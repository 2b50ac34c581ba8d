import { isIP } from 'node:net'
import { DomainError } from '@consulate/core'
import { z } from 'zod'
import { type OidcConfig, oidcVariables } from './admin/oidc/oidc-config.ts'
import type { RateLimits } from './http/rate-limits.ts'
import { parseRootKey } from './keys/root-key.ts'
import { LOG_LEVELS, type LogLevel } from './logger.ts'
import { readTlsConfig, type TlsConfig } from './tls-config.ts'

export type Env = Record<string, string | undefined>

export interface ChainConfig {
  chainId: number
  rpcUrls: string[]
  didRegistry: `0x${string}`
  statusRegistry: `0x${string}`
}

/** What each service is told, whichever it is. Secrets in it are never logged. */
export interface ServiceConfig {
  host: string
  port: number
  /** What credentials and documents point to; the bound address when undefined. */
  publicUrl: string | undefined
  rateLimits: RateLimits
  /** Addresses and networks whose `X-Forwarded-For` is believed; nobody's by default. */
  trustedProxies: string[]
  /** HTTPS; plain HTTP when undefined. */
  tls: TlsConfig | undefined
  databaseUrl: string
  /** 32 bytes. */
  rootKey: Buffer
  /** Opens every administrator's route, and alone manages administrators. */
  adminToken: string
  /** Whose JWTs open them as well; undefined for nobody's. */
  oidc: OidcConfig | undefined
  chain: ChainConfig
  logLevel: LogLevel
  /** What the environment asks the `debug` package to print. */
  debug: string | undefined
  /** Where traces go, as OTLP over HTTP; nobody takes them when undefined. */
  otlpEndpoint: string | undefined
}

/** A configuration that cannot be used: one line a mistake. */
export class ConfigError extends DomainError {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super('invalid_request', mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

const address = z
  .string({ error: 'is missing; give the address of the contract' })
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hex digits')
const wholeNumber = z
  .string({ error: 'is missing; give a whole number' })
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number)

export const variables = {
  host: z.string().min(1).default('127.0.0.1'),
  port: wholeNumber.pipe(z.number().max(65_535, 'must be at most 65535')),
  publicUrl: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .transform(withoutSlash)
    .optional(),
  otlpEndpoint: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  databaseUrl: z
    .string({ error: 'is missing; give sqlite:PATH or postgres://…' })
    .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:PATH or postgres://…'),
  rootKey: z.string({ error: 'is missing; set 32 random bytes as base64url' }).transform((text, ctx) => {
    try {
      return parseRootKey(text)
    } catch (error) {
      ctx.addIssue((error as Error).message)
      return z.NEVER
    }
  }),
  adminToken: z
    .string({ error: 'is missing; choose a long random token' })
    .regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 to 512 printable characters without spaces'),
  rpcUrls: z
    .string({ error: 'is missing; name the JSON-RPC endpoint of an Ethereum node' })
    .transform((list) => list.split(',').map((url) => url.trim()))
    .pipe(z.array(z.url({ protocol: /^https?$/, error: 'must be http or https URLs, separated by commas' })).min(1)),
  /** Nobody by default. */
  hosts: z
    .string()
    .transform((list) => list.split(',').map((host) => host.trim().toLowerCase()))
    .pipe(
      z.array(
        z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'must be host names, perhaps with a port, separated by commas'),
      ),
    )
    .optional()
    .transform((hosts) => hosts ?? []),
  wholeNumber,
  count: wholeNumber.pipe(z.number().min(1, 'must be at least 1')),
  networks: z
    .string()
    .transform((list) => list.split(',').map((network) => network.trim()))
    .pipe(z.array(z.string().refine(isNetwork, 'must be IP addresses or networks (10.0.0.0/8), separated by commas')))
    .optional()
    .transform((networks) => networks ?? []),
  relayerKey: z
    .string({ error: 'is missing; give the private key of a funded account that pays for transactions' })
    .regex(/^0x[0-9a-fA-F]{64}$/, 'must be a private key: 0x and 64 hex digits')
    .transform((key) => key as `0x${string}`),
  finality: z
    .union([z.enum(['finalized', 'safe']), wholeNumber], { error: 'must be finalized, safe, or a depth in blocks' })
    .default('finalized'),
  address: address.transform((value) => value.toLowerCase() as `0x${string}`),
  logLevel: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
} as const

/**
 * Reads what every service needs, and what this one needs besides. `name` is the service's part of the variable names, in
 * capitals. Throws a ConfigError with one line for every mistake.
 */
export function serviceConfig<Extra extends Variables>(
  env: Env,
  name: string,
  extra: Extra,
): ServiceConfig & { extra: Checked<Extra> } {
  const common = {
    host: ['CONSULATE_HOST', variables.host],
    port: [`CONSULATE_${name}_PORT`, variables.port],
    publicUrl: [`CONSULATE_${name}_PUBLIC_URL`, variables.publicUrl],
    databaseUrl: [`CONSULATE_${name}_DATABASE_URL`, variables.databaseUrl],
    rootKey: [[`CONSULATE_${name}_MASTER_KEY`, 'CONSULATE_MASTER_KEY'], variables.rootKey],
    adminToken: [[`CONSULATE_${name}_ADMIN_TOKEN`, 'CONSULATE_ADMIN_TOKEN'], variables.adminToken],
    rpcUrls: ['CONSULATE_RPC_URLS', variables.rpcUrls],
    chainId: ['CONSULATE_CHAIN_ID', variables.wholeNumber],
    didRegistry: ['CONSULATE_DID_REGISTRY', variables.address],
    statusRegistry: ['CONSULATE_STATUS_REGISTRY', variables.address],
    addressRate: ['CONSULATE_RATE_LIMIT_ADDRESS', variables.count.default(60_000)],
    tokenRate: ['CONSULATE_RATE_LIMIT_TOKEN', variables.count.default(600_000)],
    trustedProxies: ['CONSULATE_TRUSTED_PROXIES', variables.networks],
    logLevel: ['CONSULATE_LOG_LEVEL', variables.logLevel],
    debug: ['DEBUG', z.string().optional()],
    otlpEndpoint: ['OTEL_EXPORTER_OTLP_ENDPOINT', variables.otlpEndpoint],
  } as const
  const mistakes: string[] = []
  const checked = check(env, common, mistakes)
  const oidc = checkOidc(env, name, mistakes)
  const tls = readTlsConfig(env, mistakes)
  const checkedExtra = check(env, extra, mistakes)
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const { rpcUrls, chainId, didRegistry, statusRegistry, addressRate: address, tokenRate: token, ...rest } = checked
  return {
    ...rest,
    rateLimits: { address, token },
    oidc,
    tls,
    chain: { rpcUrls, chainId, didRegistry, statusRegistry },
    extra: checkedExtra,
  }
}

/** Variables by the name they get here; with several names the first one that is set counts. */
export type Variables = Record<string, readonly [names: string | readonly string[], schema: z.ZodType]>
type Checked<V extends Variables> = { [Key in keyof V]: z.infer<V[Key][1]> }

/** Empty counts as unset; mistakes are collected. */
function check<V extends Variables>(env: Env, expected: V, mistakes: string[]): Checked<V> {
  const values: Record<string, unknown> = {}
  for (const [key, [names, schema]] of Object.entries(expected)) {
    const candidates = [names].flat()
    const name = candidates.find((candidate) => env[candidate]) ?? candidates[0]!
    const parsed = schema.safeParse(env[name] || undefined)
    if (parsed.success) values[key] = parsed.data
    else for (const line of linesOf(parsed.error)) mistakes.push(`${name} ${line}`)
  }
  return values as Checked<V>
}

/** What is wrong with a value; of a file, a line for each mistake in it. */
function linesOf(error: z.ZodError): string[] {
  return error.issues[0]?.message.split('\n') ?? ['is wrong']
}

function checkOidc(env: Env, name: string, mistakes: string[]): OidcConfig | undefined {
  const names = (part: string) => [`CONSULATE_${name}_OIDC_${part}`, `CONSULATE_OIDC_${part}`]
  const known = mistakes.length
  const { issuer, audience, scopes } = check(
    env,
    {
      issuer: [names('ISSUER'), oidcVariables.issuer],
      audience: [names('AUDIENCE'), oidcVariables.audience],
      scopes: [names('SCOPES'), oidcVariables.scopes],
    },
    mistakes,
  )
  if (mistakes.length > known) return undefined
  if (issuer && audience && scopes) return { issuer, audience, scopes }
  if (issuer || audience || scopes)
    for (const [part, value] of Object.entries({ ISSUER: issuer, AUDIENCE: audience, SCOPES: scopes }))
      if (!value) mistakes.push(`CONSULATE_OIDC_${part} is missing; give all three of OIDC, or none`)
  return undefined
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!
  if (bits < 0 || rest.length > 0) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '')
}
