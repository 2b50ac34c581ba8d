import { expect } from 'chai'

/** Every sample of a service by its name and labels, as they are written; the text is checked on the way. */
export async function scrape(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`)
  expect(response.status).to.equal(200)
  expect(response.headers.get('content-type')).to.match(/^text\/plain;.*version=0\.0\.4/)
  const samples = new Map<string, number>()
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || /^# (HELP|TYPE) [a-z0-9_]+ \S/.test(line)) continue
    const { sample, value } = /^(?<sample>[a-z0-9_]+(\{.*\})?) (?<value>\S+)$/.exec(line)?.groups ?? {}
    if (sample === undefined) throw new Error(`no sample: ${line}`)
    expect(samples.has(sample), sample).to.equal(false)
    samples.set(sample, Number(value))
  }
  return samples
}
