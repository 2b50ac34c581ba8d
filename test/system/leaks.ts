/** A secret by its name, in bytes. */
export type Canaries = Map<string, Buffer>

/** The names of the secrets that stand in this, in whatever spelling. */
export function leaksIn(haystack: string | Buffer, canaries: Canaries): string[] {
  const bytes = typeof haystack === 'string' ? Buffer.from(haystack) : haystack
  return [...canaries]
    .filter(([, secret]) => spellings(secret).some((spelling) => bytes.includes(spelling)))
    .map(([name]) => name)
}

/** Raw, hex, base64 and base64url, the latter at each of the three places where a secret can stand in a longer text. */
function spellings(secret: Buffer): (string | Buffer)[] {
  const hex = secret.toString('hex')
  const base64 = [0, 1, 2].flatMap((shift) => {
    const shifted = Buffer.concat([Buffer.alloc(shift), secret])
    const inner = (text: string) => text.slice(shift === 0 ? 0 : shift + 1, Math.floor((shifted.length * 8) / 6))
    return [inner(shifted.toString('base64')), inner(shifted.toString('base64url'))]
  })
  const list = JSON.stringify([...secret]).slice(1, -1)
  return [secret, hex, hex.toUpperCase(), list, ...base64]
}
