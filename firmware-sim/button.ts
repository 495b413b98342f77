/** A call button: a sensor that measures nothing, and whose battery does not change while one looks. */
import type { DeviceEvent } from './codec.ts'
import { createSensor, type SensorOptions, type Sent } from './sensor.ts'

export type ButtonOptions = Omit<SensorOptions, 'measure' | 'status'>

export type Button = {
  readonly device: string
  press(type?: string, data?: DeviceEvent['data']): Sent
  readonly unacknowledged: number
  close(): Promise<void>
}

export const createButton = (options: ButtonOptions): Button => {
  // Above what counts as low: a town of flat batteries is another story.
  const batteryPercent = options.random.between(25, 100)
  const sensor = createSensor({ ...options, status: () => ({ batteryPercent }) })
  return {
    device: sensor.device,
    press: (type = 'sos', data) => sensor.send(type, data),
    get unacknowledged() {
      return sensor.unacknowledged
    },
    close: sensor.close,
  }
}
