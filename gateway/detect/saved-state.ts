/** The state of a watch as text. What each rule remembers is under its name: another version takes what it knows. */
import { z } from 'zod'
import type { Watch } from './engine.ts'
import { PackedFacts } from './packed-facts.ts'
import { Moment, type Rule } from './rule.ts'
import { AllStanding } from './standing.ts'
import type { Chapter, Memories } from './timeline.ts'

const SavedMemories = z.record(z.string(), z.unknown())
type SavedMemories = z.infer<typeof SavedMemories>
const SavedChapter = z.object({ memories: SavedMemories, from: Moment, facts: PackedFacts })
const SavedState = z.object({
  version: z.literal(1),
  older: SavedChapter,
  newer: SavedChapter,
  memories: SavedMemories,
  newestAt: Moment,
  standing: AllStanding,
  judgedAt: Moment,
  setBackMs: z.number(),
  pauses: z.array(z.object({ from: Moment, to: Moment })),
  away: z.boolean(),
  cognition: z.boolean(),
  listeningSince: Moment,
})

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const savedStates = (
  rules: readonly Rule<unknown>[],
  begin: Watch['begin'],
): Pick<Watch, 'save' | 'restore'> => {
  const named = (memories: Memories): SavedMemories =>
    Object.fromEntries(rules.map(({ name }, index) => [name, memories[index]]))
  const remembered = (saved: SavedMemories): Memories =>
    rules.map(({ name, schema, start }) => {
      const parsed = schema.safeParse(saved[name])
      return parsed.success ? parsed.data : start
    })
  const saved = ({ memories, ...rest }: Chapter) => ({ ...rest, memories: named(memories) })
  const chapter = ({ memories, ...rest }: z.infer<typeof SavedChapter>): Chapter => ({
    ...rest,
    memories: remembered(memories),
  })

  return {
    save({ timeline, wakes: _, wakeAt: __, thresholds: ___, ...rest }) {
      const { older, newer, memories, newestAt } = timeline
      const facts = { older: saved(older), newer: saved(newer), memories: named(memories), newestAt }
      return JSON.stringify({ version: 1, ...facts, ...rest })
    },
    restore(text) {
      const parsed = SavedState.safeParse(jsonOf(text))
      if (!parsed.success) return undefined
      const { version: _, older, newer, memories, newestAt, ...rest } = parsed.data
      const timeline = {
        older: chapter(older),
        newer: chapter(newer),
        memories: remembered(memories),
        newestAt,
      }
      return { ...rest, timeline, wakes: begin.wakes, wakeAt: 0 }
    },
  }
}
