import { InvalidArgumentError } from 'commander'

export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number above 0.')
  return Number(text)
}

export function address(text: string): `0x${string}` {
  if (!/^0x[0-9a-fA-F]{40}$/.test(text)) throw new InvalidArgumentError('Give an address: 0x and 40 hex digits.')
  return text.toLowerCase() as `0x${string}`
}

export function epochNumber(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError('Give a whole number from 0.')
  return Number(text)
}
