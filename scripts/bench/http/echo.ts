import type { AddressInfo } from 'node:net'
import express from 'express'

/** Express at its barest: parses a JSON body and sends it back. */
const app = express().disable('etag').disable('x-powered-by')
app.post('/', express.json({ limit: '256kb' }), (request, response) => void response.json(request.body))
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  console.log(JSON.stringify({ url: `http://127.0.0.1:${port}` }))
})
process.once('SIGTERM', () => server.close(() => process.exit(0)))
