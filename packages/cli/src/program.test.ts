import { expect } from 'chai'
import type { Command } from 'commander'
import { createProgram } from './program.ts'

describe('the help of the command line', () => {
  const commands = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(commands)

  for (const command of commands(createProgram({})))
    it(`shows examples of ${command.parent!.name()} ${command.name()}`, () => {
      let help = ''
      command.configureOutput({
        writeOut(text) {
          help += text
        },
      })
      command.outputHelp()
      expect(help).to.match(/Examples:\n {2}\$ [^\n]*consulate /)
    })
})
