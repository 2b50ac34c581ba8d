export interface PageOf<Item> {
  items: Item[]
  /** Give it as `after` to go on; absent on the last page. */
  next?: string
}

/** A page of at most `limit` of these items; ask the store for one more than that, to know whether there is a next. */
export function pageOf<Item>(found: readonly Item[], limit: number, key: (item: Item) => string): PageOf<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return found.length > limit && last ? { items, next: key(last) } : { items }
}
