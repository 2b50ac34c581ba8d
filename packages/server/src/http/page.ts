import { z } from 'zod'

/** Which page is asked for. */
export const pageQuery = z.strictObject({
  after: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

interface PageOf<Item> {
  items: Item[]
  /** Give it as `after` to go on; absent on the last page. */
  next?: string
}

/** How a page of such items is described. */
export function pageAnswer<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), next: z.string().optional() })
}

/** A page of at most `limit` of these items; ask the store for one more than that, to know whether there is a next. */
export function pageOf<Item>(found: readonly Item[], limit: number, key: (item: Item) => string): PageOf<Item> {
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return found.length > limit && last ? { items, next: key(last) } : { items }
}
