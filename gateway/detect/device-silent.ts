/** A device that is not heard of any more. One that was never heard of is not known here: that is shown elsewhere. */
import { z } from 'zod'
import { DeviceId } from '../model/ids.ts'
import { minuteMs } from './local-window.ts'
import { Moment, nothingHolds, type Rule } from './rule.ts'

const Memory = z
  .object({
    device: DeviceId.exactOptional(),
    heardAt: Moment.exactOptional(),
    /** Alive without saying anything. */
    isConnected: z.boolean(),
  })
  .readonly()
type Memory = z.infer<typeof Memory>

export const deviceSilent: Rule<Memory> = {
  name: 'device-silent',
  start: { isConnected: false },
  schema: Memory,

  observe(memory, fact) {
    const { device, at } = fact
    const isLost = fact.what === 'disconnected' || (fact.what === 'status' && fact.status.online === false)
    // The word that it is lost comes from others: it was alive until then only if its connection stood.
    if (isLost) return memory.isConnected ? { device, heardAt: at, isConnected: false } : memory
    return { device, heardAt: at, isConnected: memory.isConnected || fact.what === 'connected' }
  },

  judge({ device, heardAt, isConnected }, now, { thresholds, sensor, listeningSince }) {
    if (!device || heardAt === undefined || isConnected) return nothingHolds
    const { heartbeatSeconds, lifeline } = sensor(device).model
    const missedMs = thresholds['silence.missed'] * heartbeatSeconds * 1_000
    const lifelineMs = thresholds['silence.lifelineAfter'] * minuteMs
    const since = Math.max(heardAt, listeningSince)
    const wakeAt = since + (lifeline ? Math.min(missedMs, lifelineMs) : missedMs)
    if (now < wakeAt) return { wakeAt }
    const evidence = [{ at: heardAt, device, what: 'last-sign-of-life' }] as const
    return { holds: { level: lifeline ? 'high' : 'medium', since, evidence } }
  },
}
