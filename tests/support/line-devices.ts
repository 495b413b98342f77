/** A device on each of three serial lines, `pads`, `radar` and `panel`: in the homes `h-1` to `h-3`. */
import type { SensorDevice } from './sensor-town.ts'

export const lineDevices: readonly SensorDevice[] = [
  {
    id: 'receiver-7',
    model: 'native/call-button',
    home: 'h-1',
    transport: { serial: { line: 'pads', number: 7 } },
  },
  { id: 'radar-1', model: 'r60/fall', home: 'h-2', transport: { serial: { line: 'radar' } } },
  {
    id: 'panel-0815',
    model: 'espa444/bed',
    home: 'h-3',
    transport: { espa444: { line: 'panel', address: '0815' } },
  },
]
