/** Does `work` for every item, `CONCURRENCY` at a time, and returns the answers in the order of the items. */
export async function forEach<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
  onDone: (count: number) => void = () => undefined,
): Promise<Answer[]> {
  const answers: Answer[] = []
  let next = 0
  let done = 0
  const worker = async () => {
    while (next < items.length) {
      const index = next++
      answers[index] = await work(items[index]!)
      onDone(++done)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  return answers
}

const CONCURRENCY = 16
