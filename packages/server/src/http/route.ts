import type { IncomingHttpHeaders } from 'node:http'
import type { z } from 'zod'
import type { RouteScope } from '../admin/scope.ts'
import type { EventSink } from './event-stream.ts'
import type { Negotiate } from './negotiate.ts'

/** Who may call: `public`, or the name of one of the service's authenticators; of these, an `admin` needs a scope. */
type Access = 'public' | (string & {})

/** Tells who the bearer of a token is, or throws `unauthenticated`. */
export type Authenticate<Principal> = (token: string) => Promise<Principal> | Principal

/** Those who may call by one name of `access`. */
export interface Caller {
  /** Who the bearer of a token is. */
  description: string
  authenticate: Authenticate<unknown>
  /** What tells one from every other of them, for good. */
  name(principal: never): string
}

export interface Answer {
  status: number
  /** Sent as JSON, unless it is a string with a `contentType` of its own. */
  body?: unknown
  contentType?: string
  /** Among them an `ETag`, which makes the answer 304 for who has it already. */
  headers?: Record<string, string>
  /** Takes the answer over once its headers are sent, and writes events until one of the two ends it; in place of a body. */
  stream?: (sink: EventSink) => void
}

export interface RouteInput<Params, Query, Body, Principal> {
  params: Params
  query: Query
  body: Body
  principal: Principal
  headers: IncomingHttpHeaders
  negotiate: Negotiate
}

/**
 * By status, what a route answers with when it succeeds: a JSON body, bodies by content type, or null for none. Strict
 * schemas, so that an answer that says more than its description is found.
 */
type Answers = Record<number, z.ZodType | Record<string, z.ZodType> | null>

/**
 * One route: who may call it, what it takes, and what it does. It is data, so that documentation and the test of
 * every route against every kind of caller are made from the same table that serves.
 */
export interface Route<Context> {
  /** One line for the API's description. */
  summary: string
  method: 'get' | 'post' | 'put' | 'delete'
  /** Express 5 path. */
  path: string
  access: Access
  /** What an administrator must be allowed to do; every route of an `admin` has one, and no other. */
  scope?: RouteScope
  /** Of a public route: whom it knows when they send a token; a token that is not theirs is refused. */
  recognizes?: { access: string; scope: RouteScope }
  params?: z.ZodType
  query?: z.ZodType
  body?: z.ZodType
  answers: Answers
  /** How refusals are written: a plain problem, or VCALM's `{verified:false, problemDetails}`. */
  refusals?: 'problem' | 'verification'
  handle(context: Context, input: RouteInput<never, never, never, never>): Promise<Answer> | Answer
}

type Scoped<Name> = Name extends 'admin' ? { scope: RouteScope } : { scope?: never }

type Parsed<Schema> = Schema extends z.ZodType ? z.infer<Schema> : undefined

/** Types a route's `handle` by its schemas: `defineRoute<Context, Principals>()({ … })`. */
export function defineRoute<Context, Principals extends Record<string, unknown> = Record<string, unknown>>() {
  return <
    Name extends 'public' | (keyof Principals & string),
    Params extends z.ZodType | undefined = undefined,
    Query extends z.ZodType | undefined = undefined,
    Body extends z.ZodType | undefined = undefined,
  >(
    route: Omit<Route<Context>, 'access' | 'scope' | 'params' | 'query' | 'body' | 'handle'> & {
      access: Name
      params?: Params
      query?: Query
      body?: Body
      handle(
        context: Context,
        input: RouteInput<
          Parsed<Params>,
          Parsed<Query>,
          Parsed<Body>,
          Name extends keyof Principals ? Principals[Name] : Principals[keyof Principals] | undefined
        >,
      ): Promise<Answer> | Answer
    } & Scoped<Name>,
  ): Route<Context> => route as unknown as Route<Context>
}
