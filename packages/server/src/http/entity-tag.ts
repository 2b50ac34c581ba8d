import { hash } from 'node:crypto'

/** Each form of a document has a tag of its own (RFC 9110 §8.8.3). */
export function entityTag(mediaType: string, text: string): string {
  return `"${hash('sha256', `${mediaType}\n${text}`, 'base64url')}"`
}
