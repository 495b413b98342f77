/**
 * Takes the place of Aedes' message emitter. A message is somebody's business only after the commit, and then the journal
 * says whose; the broker passes none on. So subscriptions made here match nothing, and emitting reaches nobody: one
 * frozen subscriber cannot stall the others, and no message can overtake another in a subscriber's duplicate filter.
 */
type Done = (() => void) | undefined

export const noFanOut = {
  on: (_topic: string, _deliver: unknown, done?: Done) => done?.(),
  removeListener: (_topic: string, _deliver: unknown, done?: Done) => done?.(),
  emit: (_packet: unknown, done?: Done) => done?.(),
  close: (done?: Done) => done?.(),
}
