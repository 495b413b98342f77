import { textOf } from '../kit/event-texts.ts'
import type { Entry } from '../model/journal.ts'
import { seesClear } from '../model/personal.ts'
import type { ApiPorts } from './app.ts'
import type { EntrySight } from './entry-sight.ts'
import { entryView } from './entry-view.ts'
import type { Frames } from './frames.ts'

/** All readers are given the same entries from memory: each is rendered once for those who see health, once for others. */
export const createEntryFrames = ({ papers }: Pick<ApiPorts, 'papers'>, sight: EntrySight): Frames => {
  const clear = new WeakMap<Entry, string>()
  const masked = new WeakMap<Entry, string>()
  return {
    async *of(entries, reader) {
      const frames = seesClear(reader, 'health') ? clear : masked
      for (const entry of await sight.seen(reader.scopes, entries)) {
        const frame =
          frames.get(entry) ??
          `id: ${entry.seq}\ndata: ${JSON.stringify(entryView(entry, reader, papers))}\n\n`
        // What people wrote may be erased while the entry is still remembered.
        if (textOf(entry.event) === undefined) frames.set(entry, frame)
        yield frame
      }
    },
    moved: () => [],
  }
}
