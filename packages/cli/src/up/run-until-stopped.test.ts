import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'

const MODULE = import.meta.resolve('./run-until-stopped.ts')

/** A process that runs until it is stopped, and does this after it has started. */
async function run(surprise: string): Promise<{ code: number; log: string }> {
  const script = `
    import { runUntilStopped } from '${MODULE}'
    const kept = setInterval(() => undefined, 1_000)
    await runUntilStopped(async () => ({ stop: async () => clearInterval(kept) }), () => setTimeout(() => { ${surprise} }))`
  const child = spawn(process.execPath, ['--conditions=@consulate/source', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const [log, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  return { code, log }
}

describe('a process that runs until it is stopped', () => {
  it('leaves with 1 and a line in its log when a rejection or an error was caught by nobody', async () => {
    for (const surprise of ["Promise.reject(new Error('lost'))", "throw new Error('lost')"]) {
      const { code, log } = await run(surprise)
      expect(code, surprise).to.equal(1)
      const lines = log
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
      expect(lines).to.have.lengthOf(1)
      expect(lines[0]).to.include({ level: 60, msg: 'nobody caught this; leaving' })
      expect(lines[0].err.message).to.equal('lost')
    }
  })

  it('leaves with 0 when a signal stops it', async () => {
    expect(await run("process.kill(process.pid, 'SIGTERM')")).to.deep.equal({ code: 0, log: '' })
  })
})
