import { expect } from 'chai'
import { type Command, CommanderError } from 'commander'
import { createProgram } from './program.ts'

describe('consulate suspend', () => {
  for (const wrong of [['cli-bot', 'ops.reader'], ['cli-bot'], ['urn:uuid:6f1c5a0e-8a51-4b0e-9d58-0a4b6e0d8c11', 'x']])
    it(`says that it wants the id of a credential, and where that is: ${wrong.join(' ')}`, async () => {
      const silent = { writeErr: () => undefined }
      const program = createProgram({}).exitOverride()
      for (const command of [program, ...program.commands]) command.exitOverride().configureOutput(silent)
      const failure = await program.parseAsync(['suspend', ...wrong], { from: 'user' }).catch((error) => error)
      expect(failure).to.be.instanceOf(CommanderError)
      expect(failure.message).to.include('the id of one credential').and.to.include('GET /agents/:did')
    })
})

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
