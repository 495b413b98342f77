/** The live alarms of a page that shares them with nobody. */
import { openLiveSource, type SourcePorts } from './live-source.ts'
import type { Attach } from './live-update.ts'

export const attachInPage =
  (ports: Omit<SourcePorts, 'onOver'>): Attach =>
  ({ onUpdate, onEnded }) =>
    openLiveSource({ ...ports, onOver: () => undefined }).attach({
      onUpdate(update, taken) {
        onUpdate(update)
        taken()
      },
      onEnded,
      onLeftOut: () => undefined,
    })
