export interface Progress {
  update(text: string): void
  stop(): void
}

export async function startProgress(text: string, shown: boolean): Promise<Progress> {
  if (!shown) return { update: () => undefined, stop: () => undefined }
  const { default: ora } = await import('ora')
  // Ctrl-C must reach our own handlers: the spinner leaves standard input alone.
  const spinner = ora({ text, discardStdin: false }).start()
  return {
    update: (next) => {
      spinner.text = next
    },
    stop: () => void spinner.stop(),
  }
}
