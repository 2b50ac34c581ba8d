import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Colours appear on a terminal that wants them, and nowhere else. */
function paint(format: Format) {
  return (text: string, stream: NodeJS.WriteStream = process.stdout) => styleText(format, text, { stream })
}

export const bold = paint('bold')
export const dim = paint('dim')
export const green = paint('green')
export const red = paint('red')
