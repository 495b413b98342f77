/**
 * A test mode has ended, and a hazard of the home still stands: smoke that came up among the tests is no test. It rings now,
 * not only when its device next says so.
 */
import { type Door, isPassing } from './door.ts'
import { subjectOf } from './findings.ts'
import type { AlarmCommand } from './model/alarm.ts'
import type { Clock } from './model/clock.ts'
import type { AlarmId } from './model/ids.ts'
import type { StandingHazard, TestModes } from './model/provisioning.ts'
import type { Whereabouts } from './whereabouts.ts'

/** What the journal could not take is tried again. */
const tellAgainMs = 10_000

const why = '测试模式结束时仍未解除 still standing when the test mode ended'

export type LeftStandingPorts = {
  readonly modes: Pick<TestModes, 'leftStanding' | 'onEnd' | 'cleared'>
  readonly door: Door
  readonly whereabouts: Pick<Whereabouts, 'locate' | 'route'>
  readonly clock: Clock
  readonly newAlarmId: () => AlarmId
  readonly log: { error(facts: object, message: string): void }
}

export interface LeftStanding {
  /** After the open alarms have been loaded. */
  start(): void
  stop(): void
}

export const createLeftStanding = (ports: LeftStandingPorts): LeftStanding => {
  const { modes, door, whereabouts, clock, log } = ports
  let stopListening = (): void => undefined
  let stopWaiting = (): void => undefined
  let isTelling = false

  /** Resolves false when the journal could not take it. */
  const tell = async ({ home, device, kind, since }: StandingHazard): Promise<boolean> => {
    const location = whereabouts.locate(device)
    const subject = subjectOf(location, kind)
    // Taken out of the home with what it has shown; or ringing already.
    if (location.home !== home || door.about(subject)) return true
    const now = clock.now()
    const occurrence = { receivedAt: now, data: { why, since: new Date(since).toISOString() } }
    const routing = whereabouts.route(kind, location)
    const command = (): AlarmCommand => ({
      type: 'raise',
      id: ports.newAlarmId(),
      kind,
      subject,
      location,
      occurrence,
      routing,
    })
    const answer = await door.bySubject(subject, {
      command,
      asked: { actor: { kind: 'device', id: device }, now },
    })
    return !('refused' in answer && isPassing(answer.refused))
  }

  const tellAll = async (): Promise<void> => {
    if (isTelling) return
    isTelling = true
    stopWaiting()
    try {
      for (let left = modes.leftStanding(); left.length > 0; left = modes.leftStanding()) {
        const told = await Promise.all(left.map(tell))
        for (const [index, hazard] of left.entries()) if (told[index]) modes.cleared(hazard)
        if (told.every(Boolean)) continue
        stopWaiting = clock.after(tellAgainMs, () => void tellAll())
        return
      }
    } catch (err) {
      log.error({ err }, 'a hazard that stands after a test mode did not ring: it is tried again')
      stopWaiting = clock.after(tellAgainMs, () => void tellAll())
    } finally {
      isTelling = false
    }
  }

  return {
    start() {
      // What has ended it is at the door first: should it be the same hazard, it rings by itself, if the journal takes it.
      stopListening = modes.onEnd(() => queueMicrotask(() => void tellAll()))
      void tellAll()
    },
    stop() {
      stopListening()
      stopWaiting()
    },
  }
}
