import Mocha from 'mocha'

/** The spec reporter, ending with one line that a machine can read: `12 passed, 0 failed`. */
export default class extends Mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue()
    const { passes, failures } = this.stats
    Mocha.reporters.Base.consoleLog(`${passes} passed, ${failures} failed`)
  }
}
