import { every } from '../clock.ts'
import { createSensor } from '../sensor.ts'
import type { Sleeper } from '../sleeper.ts'
import type { Actor, Part, Stage } from './actor.ts'

const measureEveryMs = 10_000
/** How soon a motion sensor sees that somebody has left the bed or come back. */
const lookEveryMs = 5_000
const hourMs = 3_600_000

const readingsOf = (sleeper: Sleeper, at: number) => {
  const { stage: _, ...vitals } = sleeper(at)
  return Object.fromEntries(
    Object.entries(vitals).map(([name, value]) => [name, Math.round(Number(value) * 10) / 10]),
  )
}

/** A device that speaks native MQTT: pads measure, motion sensors see who gets up, batteries drain. */
export const createMqttActor = (
  { id, device: { kind, battery }, home }: Part,
  { clock, connect, sleeperIn, secretOf, randomOf }: Stage,
  url: string,
): Actor & { close(): Promise<void> } => {
  const sleeper = sleeperIn(home)
  const startedAt = clock.now()
  const charge = (now: number) =>
    battery && {
      batteryPercent: Math.round(
        Math.max(0, battery.percent - (battery.perHour * (now - startedAt)) / hourMs),
      ),
    }
  const sensor = createSensor({
    url,
    device: id,
    secret: secretOf(id),
    clock,
    connect,
    random: randomOf(id),
    status: now => charge(now) ?? {},
    ...(kind === 'bed-pad' && { measure: { everyMs: measureEveryMs, at: now => readingsOf(sleeper, now) } }),
  })
  let inBed = sleeper(startedAt).inBed
  const look = () => {
    const before = inBed
    inBed = sleeper(clock.now()).inBed
    if (inBed !== before) sensor.send('motion')
  }
  const stop = kind === 'motion' ? every(clock, lookEveryMs, look) : () => {}
  return {
    act: (event, data) => sensor.send(event, data).acknowledged,
    status: sensor.report,
    power: sensor.power,
    close: () => {
      stop()
      return sensor.close()
    },
  }
}
