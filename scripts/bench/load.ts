import { strict as assert } from 'node:assert'
import autocannon, { type Request } from 'autocannon'

const CLIENTS = 16

/** Sends each of these requests once, over several connections at a time, and resolves with the seconds it took. */
export async function sendAll(
  urls: readonly string[],
  requests: readonly Request[],
  onAnswer: (body: string) => void = () => undefined,
): Promise<number> {
  const shares = urls.map((_url, share) => requests.filter((_request, at) => at % urls.length === share))
  const taken = await Promise.all(urls.map((url, share) => send(url, shares[share]!, onAnswer)))
  return Math.max(...taken)
}

async function send(url: string, requests: readonly Request[], onAnswer: (body: string) => void): Promise<number> {
  const connections = Math.min(CLIENTS, requests.length)
  let next = 0
  const startedAt = performance.now()
  let lastAt = startedAt
  const onResponse: Request['onResponse'] = (_status, body) => {
    lastAt = performance.now()
    onAnswer(body)
  }
  const { non2xx, errors } = await autocannon({
    url,
    connections,
    amount: requests.length,
    setupClient(client) {
      // Each connection has its own share; the share of one is as long as that of another, or one longer.
      const share = requests.filter((_request, at) => at % connections === next)
      next += 1
      client.setRequests(share.map((request) => ({ ...request, onResponse })))
    },
  })
  assert.equal(non2xx + errors, 0, `${url} refused ${non2xx} requests and failed ${errors}`)
  return (lastAt - startedAt) / 1000
}
