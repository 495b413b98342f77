/** The serial ports that this machine shows: a help for whoever installs. Opening goes by path and needs no list. */
import { reasonOf } from './serial-wire.ts'

export type SerialPorts = {
  readonly ports: readonly {
    readonly path: string
    readonly manufacturer?: string
    readonly serialNumber?: string
  }[]
  /** Why there is no list: on Linux it comes from `udevadm`, which small systems and containers do not have. */
  readonly reason?: string
}

export const listSerialPorts = async (): Promise<SerialPorts> => {
  try {
    const { SerialPort } = await import('serialport')
    const found = await SerialPort.list()
    return {
      ports: found.map(({ path, manufacturer, serialNumber }) => ({
        path,
        ...(manufacturer !== undefined && { manufacturer }),
        ...(serialNumber !== undefined && { serialNumber }),
      })),
    }
  } catch (error) {
    return { ports: [], reason: reasonOf(error) }
  }
}
