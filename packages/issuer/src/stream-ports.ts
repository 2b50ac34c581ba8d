import type { Head, StatusEntry } from '@consulate/core'
import type { PublishedHead } from './ports.ts'

/** A head as those are told of it who know the one before: what it changed, and the bits that it set, signed one by one. */
export interface PushedHead {
  head: Head
  signature: string
  signer: string
  entries: StatusEntry[]
  /** Compact JWS, one a list. */
  deltas: string[]
}

/** Where events go; the connection of one follower. */
export interface FollowerSink {
  write(text: string): unknown
  readonly writableLength: number
  end(): unknown
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

/** The status as it is pushed to those who follow it, as events (`snapshot`, `head`, `heartbeat`). */
export interface StatusStream {
  /** The newest head that was pushed. */
  readonly pushed: Head | undefined
  readonly followers: number
  /** Sends the heads that are new, or without them a snapshot, and the heartbeat. */
  push(news: { published: PublishedHead; heads: PushedHead[] | undefined }): void
  /** Throws `status_stream_full`. Some places are kept for those who say who they are. */
  assertPlace(known: boolean): void
  /** From after that event on, as far as it is still kept. */
  follow(sink: FollowerSink, options: { after: string | undefined; known: boolean }): void
  /** Whether that event is the newest, or so recent that one can go on after it. */
  keeps(id: string): boolean
}
