import { pino } from 'pino'
import { afterEach, expect, test } from 'vitest'
import type { Said } from '../../../gateway/hearing.ts'
import { createSerialLines, type SerialLinesPorts } from '../../../gateway/serial-lines.ts'
import { createStrangers } from '../../../gateway/strangers.ts'
import { eventually } from '../../support/eventually.ts'
import { openSerialServer } from '../../support/serial-server.ts'
import { createVirtualClock } from '../../support/virtual-clock.ts'

const closings: (() => void)[] = []
afterEach(() => {
  for (const close of closings.splice(0)) close()
})

type Given = Partial<Pick<SerialLinesPorts, 'take' | 'tellLost'>>

/** One radar that answers nothing by itself. */
const openLine = async ({ take = async () => true, tellLost = async () => true }: Given) => {
  const clock = createVirtualClock(1_795_000_000_000)
  const server = await openSerialServer()
  const lines = createSerialLines({
    lines: [{ id: 'radar-1', path: server.path, protocol: 'r60' }],
    addresses: {
      onLine: () => undefined,
      onZigbee: () => undefined,
      onlyBridge: () => undefined,
      lineOf: () => undefined,
    },
    strangers: createStrangers(() => false),
    clock,
    random: () => 0,
    log: pino({ level: 'silent' }),
    take,
    alive: () => undefined,
    tellLost,
    count: { frame: () => undefined, discarded: () => undefined },
  })
  lines.open()
  closings.push(lines.close, server.close)
  await server.connected()
  return { clock, server, lines }
}

const frame = (control: number, command: number, value: number): Uint8Array => {
  const bytes = [0x53, 0x59, control, command, 0, 1, value]
  return Uint8Array.of(...bytes, bytes.reduce((sum, byte) => sum + byte, 0) & 0xff, 0x54, 0x43)
}
const present = frame(0x80, 0x01, 1)
const fallen = frame(0x83, 0x01, 1)

test('a line that speaks after the start is told to be well once: an alarm may be open from before', async () => {
  const told: string[] = []
  const { server } = await openLine({
    async tellLost(_line, lost) {
      told.push(lost ? 'lost' : 'well')
      return true
    },
  })
  for (let time = 0; time < 3; time += 1) server.say(present)
  await eventually('the line is told to be well', () => told[0])
  expect(told).toEqual(['well'])
})

test('that a line speaks again is told until the journal has it', async () => {
  const told: string[] = []
  const { server, clock } = await openLine({
    tellLost: async (_line, lost) => told.push(lost ? 'lost' : 'well') === 3,
  })
  server.say(present)
  await eventually('it is told', () => told[0])
  await clock.pass(30_000)
  expect(told).toEqual(['well', 'well', 'well'])
})

test('a fall whose taking fails in a way that nobody foresaw is told again', async () => {
  const tries: Said[] = []
  const { server, clock } = await openLine({
    async take(said) {
      if (said.observation.kind === 'trigger' && tries.push(said) === 1) throw new Error('a bug')
      return true
    },
  })
  server.say(fallen)
  await eventually('the fall is told', () => tries[0])
  await clock.pass(4_000)
  const ids = tries.map(({ observation }) => 'eventId' in observation && observation.eventId)
  expect(ids).toEqual([ids[0], ids[0]])
})
