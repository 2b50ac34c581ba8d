import type { Context } from '../context.ts'
import { unknownPresentation } from './read-presentation.ts'

/** Forgets a presentation; who was shown it has it still. Throws `presentation_unknown`. */
export async function deletePresentation(
  { store }: Pick<Context, 'store'>,
  { agent, id }: { agent: string; id: string },
): Promise<void> {
  await store.once(async () => {
    if (!(await store.removePresentation(agent, id))) throw unknownPresentation(id)
  })
}
