export const Exit = { done: 0, failed: 1, usage: 2, refused: 3 } as const
