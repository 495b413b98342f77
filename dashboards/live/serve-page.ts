/** The worker's end of the wire to one page. */
import type { LiveSources } from './live-sources.ts'
import type { Seat } from './live-update.ts'
import type { FromPage, FromWorker, Wire } from './wire.ts'

export const servePage = (wire: Wire<FromWorker, FromPage>, sources: LiveSources): void => {
  let seat: Seat | undefined
  let onTaken = (): void => undefined
  /** As whom it was here. */
  let leftOut: string | undefined
  const leave = (): void => {
    seat?.leave()
    seat = undefined
  }
  const attach = (who: string): void => {
    leave()
    leftOut = undefined
    seat = sources.attach(who, {
      onUpdate(update, taken) {
        onTaken = taken
        wire.send({ say: 'update', update })
      },
      onEnded: () => wire.send({ say: 'ended' }),
      onLeftOut() {
        leftOut = who
      },
    })
  }
  const taken = (): void => {
    // What it has taken now is old: it must not look live for a moment longer than that takes.
    if (leftOut === undefined) onTaken()
    else attach(leftOut)
  }
  wire.hear(message => {
    if (message.say === 'attach') attach(message.who)
    else if (message.say === 'taken') taken()
    else if (message.say === 'take') seat?.take(message.alarm)
    else leave()
  }, leave)
}
