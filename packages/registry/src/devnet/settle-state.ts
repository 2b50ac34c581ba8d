import { copyFile, readFile, rename, rm } from 'node:fs/promises'

/**
 * Makes the state file one that anvil can load: a dump cut short by a crash gives way to the state of the start before,
 * or to a new chain, and is kept as `.broken`. Says what it did, when it did something.
 */
export async function settleState(stateFile: string): Promise<string | undefined> {
  const previous = `${stateFile}.previous`
  const state = await inspect(stateFile)
  if (state === 'missing') return void (await rm(previous, { force: true }))
  if (state === 'whole') return void (await copyFile(stateFile, previous))
  await rename(stateFile, `${stateFile}.broken`)
  if ((await inspect(previous)) !== 'whole') return `${stateFile} was cut short: the local chain begins anew.`
  await copyFile(previous, stateFile)
  return `${stateFile} was cut short: the local chain goes back to its state at the last start.`
}

async function inspect(file: string): Promise<'missing' | 'whole' | 'broken'> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch {
    return 'missing'
  }
  try {
    JSON.parse(text)
    return 'whole'
  } catch {
    return 'broken'
  }
}
