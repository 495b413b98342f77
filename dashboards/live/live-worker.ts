/** Runs once for all pages of a browser that come from one build (HTML, SharedWorker). */
import { get } from '../shell/api.ts'
import { openAlarmStream } from './alarm-stream.ts'
import { openLiveSource } from './live-source.ts'
import { createLiveSources } from './live-sources.ts'
import { servePage } from './serve-page.ts'
import { steadyClock } from './steady-clock.ts'
import { wireOver } from './wire.ts'

const sources = createLiveSources((who, onOver) =>
  openLiveSource({
    clock: steadyClock,
    wallNow: Date.now,
    ask: get,
    openStream: openAlarmStream,
    who,
    onOver,
  }),
)

addEventListener('connect', event => {
  if (!(event instanceof MessageEvent)) return
  for (const port of event.ports) servePage(wireOver(port), sources)
})
